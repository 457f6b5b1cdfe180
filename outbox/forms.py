from django.utils.translation import gettext_lazy as _

from contacts.note_field import GuardedForm, NoteField


class SwitchForm(GuardedForm):
    """Stopping or resuming all mail. The reason is kept and shown: nothing personal in it."""

    reason = NoteField(
        label=_("Why"),
        max_length=200,
        help_text=_("Shown to everybody who looks after the mail, and kept. No caller's name."),
        error_messages={"required": _("Say why, so that the others know.")},
    )
