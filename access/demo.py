"""The invented people of a demonstration system (requirements §7). Nobody here exists outside `I2A_DEMO=1`."""

from dataclasses import dataclass

from access.roles import Role

PHONE, TRADE_MISSIONS = "Phone", "Trade Missions"
PASSWORD = "alberta-demo-2026"  # noqa: S105 - printed by `manage.py seed_demo --print-sign-ins`, useless elsewhere


@dataclass(frozen=True)
class Character:
    username: str
    first_name: str
    last_name: str
    role: Role
    team: str = ""
    password: str = PASSWORD
    extension: str = ""
    trained_for: int = 700  # days from the day the demonstration is made

    @property
    def email(self) -> str:
        return f"{self.username}@i2a.example.org"


CAST = [
    Character("maya", "Maya", "Okafor-Lindqvist", Role.SPECIALIST, PHONE, extension="204"),
    Character("tomas", "Tomas", "Bergeron-Wolfe", Role.SPECIALIST, PHONE, extension="205", trained_for=500),
    Character("jun", "Jun", "Abernathy-Sato", Role.SPECIALIST, TRADE_MISSIONS),
    Character("priya", "Priya", "Castellanos-Moon", Role.TEAM_LEAD, PHONE),
    Character("grant", "Grant", "Halvorsen-Bly", Role.MANAGER, trained_for=400),
    Character("dele", "Dele", "Fontaine-Marsh", Role.ACCESS_ADMIN),
    Character("ingrid", "Ingrid", "Vasquez-Thorne", Role.PRIVACY_OFFICER),
]


@dataclass(frozen=True)
class Extra:
    """Somebody who stands in the register and never signs in."""

    username: str
    first_name: str
    last_name: str
    role: Role
    team: str = PHONE

    @property
    def email(self) -> str:
        return f"{self.username}@i2a.example.org"


OVERDUE = Extra("noor", "Noor", "Ashgrove-Lind", Role.SPECIALIST)
FORMER = Extra("felix", "Felix", "Marchbank-Oyelaran", Role.SPECIALIST)
NEW = Extra("sunniva", "Sunniva", "Holloway-Reyes", Role.SPECIALIST)
