"""What every URL answers to every role: a row for each, and what `routes()` finds (tests/test_urls.py compares).

The columns are the roles in the order of `ROLES`. `POST` is what an empty form answers: 200 is the page with what is
missing, 302 is done, 409 a form older than the record. The records belong to the team "Phone", as the specialist and
the team lead do; the manager and the privacy officer see all teams. A draft is its owner's, so each role finds its own.
"""

from django.urls import URLPattern, URLResolver, get_resolver

from access.roles import Role

PUBLIC = {
    "account_login",
    "account_logout",
    "openid_connect_login",
    "openid_connect_callback",
    "account_reset_password",
    "account_reset_password_from_key",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "privacy",
    "healthz",
    "set_language",
    "favicon",
    "unsubscribe",
    "register",
    "outbox:returned",
    "phone_events",
}
ROLES = [Role.SPECIALIST, Role.TEAM_LEAD, Role.MANAGER, Role.ACCESS_ADMIN, Role.PRIVACY_OFFICER]
NO = 403
NEVER = "405 405 405 405 405"  # whoever may open the page may not do that with it
EVERYBODY = "200 200 200 200 200"
AWAY = "302 302 302 302 302"

# fmt: off
TABLE = {
    # name                       method   S   L   M   A   P
    "home":                     {"GET": "302 302 200 200 200", "POST": NEVER},
    "calls:desk":               {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "calls:ringing":            {"GET": "204 204 286 286 286", "POST": "302 302 286 286 286"},
    "calls:extension":          {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "calls:start":              {"GET": "405 405 403 403 403", "POST": "302 302 403 403 403"},
    "calls:draft":              {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "calls:draft_keep":         {"GET": "405 405 403 403 403", "POST": "200 200 403 403 403"},
    "calls:draft_discard":      {"GET": "405 405 403 403 403", "POST": "302 302 403 403 403"},
    "calls:draft_set_caller":   {"GET": "405 405 403 403 403", "POST": "404 404 403 403 403"},
    "calls:undo":               {"GET": "405 405 403 403 403", "POST": "302 404 403 403 403"},
    "calls:list":               {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "calls:detail":             {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "calls:verify":             {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "calls:correct":            {"GET": "200 200 200 403 403", "POST": "409 409 409 403 403"},
    "calls:void":               {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "calls:add_follow_up":      {"GET": "405 405 405 403 403", "POST": "409 409 409 403 403"},
    "data_dictionary":          {"GET": "403 403 200 403 200", "POST": "403 403 405 403 405"},
    "contacts:lookup":          {"GET": "200 200 200 403 200", "POST": "200 200 200 403 200"},
    "contacts:organisations":   {"GET": "405 405 405 403 405", "POST": "200 200 200 403 200"},
    "contacts:colleagues":      {"GET": "405 405 405 403 405", "POST": "200 200 200 403 200"},
    "contacts:colleagues_of":   {"GET": "405 405 405 403 405", "POST": "200 200 200 403 200"},
    "contacts:duplicates":      {"GET": "405 405 405 403 403", "POST": "200 200 200 403 403"},
    "contacts:merge_choose":    {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "contacts:merge":           {"GET": "403 200 200 403 403", "POST": "403 409 409 403 403"},
    "contacts:merge_undo":      {"GET": "403 200 200 403 403", "POST": "403 409 409 403 403"},
    "contacts:compare":         {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "contacts:print":           {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "contacts:export":          {"GET": "403 403 200 403 200", "POST": "403 403 200 403 200"},
    "contacts:views":           {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "contacts:view_new":        {"GET": "200 200 200 403 200", "POST": "200 200 200 403 200"},
    "contacts:view_edit":       {"GET": "200 200 200 403 200", "POST": "200 200 200 403 200"},
    "contacts:view_delete":     {"GET": "200 200 200 403 200", "POST": "302 302 302 403 302"},
    "contacts:new":             {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "contacts:materials_only":  {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "contacts:detail":          {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "contacts:consent":         {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "contacts:withdraw":        {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "contacts:do_not_contact":  {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "contacts:confirm_address": {"GET": "404 404 404 403 403", "POST": "404 404 404 403 403"},
    "contacts:consent_correct": {"GET": "302 302 302 403 403", "POST": "302 302 302 403 403"},
    "contacts:notes":           {"GET": "200 200 200 403 200", "POST": "200 200 403 403 403"},
    "contacts:note":            {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "contacts:note_amend":      {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "contacts:print_record":    {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "contacts:edit":            {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "contacts:representation_choose": {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "contacts:representation_add": {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "contacts:representation_end": {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "contacts:opening":         {"GET": "200 200 200 403 200", "POST": "200 200 200 403 200"},
    "contacts:access":          {"GET": "403 200 200 403 200", "POST": "403 200 200 403 200"},
    "contacts:access_share":    {"GET": "403 405 405 403 405", "POST": "403 200 200 403 200"},
    "contacts:access_end":      {"GET": "403 405 405 403 405", "POST": "403 302 302 403 302"},
    "contacts:hidden":          {"GET": "405 405 405 403 405", "POST": "200 200 200 403 200"},
    "contacts:requests":        {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "contacts:request":         {"GET": "403 200 200 403 200", "POST": "403 200 200 403 200"},
    "contacts:request_access":  {"GET": "302 302 302 403 302", "POST": "302 302 302 403 302"},
    "followups:list":           {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "followups:close":          {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "followups:detail":         {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "followups:email":          {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "followups:attempt":        {"GET": "405 405 405 403 403", "POST": "302 302 302 403 403"},
    "followups:pause":          {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "followups:resume":         {"GET": "405 405 405 403 403", "POST": "302 302 302 403 403"},
    "followups:hand_over":      {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "followups:hand_over_all":  {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "followups:hand_over_of":   {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "followups:plan":           {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "followups:report":         {"GET": "403 200 200 403 200", "POST": "403 405 405 403 405"},
    "followups:calendar":       {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "followups:calendar_close": {"GET": "403 403 200 403 403", "POST": "403 403 200 403 403"},
    "followups:calendar_hours": {"GET": "403 403 200 403 403", "POST": "403 403 200 403 403"},
    "followups:calendar_switch": {"GET": "403 403 405 403 403", "POST": "403 403 200 403 403"},
    "library:list":             {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "library:new":              {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "library:document":         {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "library:edit":             {"GET": "403 403 200 403 403", "POST": "403 403 200 403 403"},
    "library:version_new":      {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "library:offer":            {"GET": "403 403 405 403 403", "POST": "403 403 400 403 403"},
    "library:receivers":        {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "library:file":             {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "library:mail":             {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "library:release":          {"GET": "403 403 405 403 403", "POST": "403 403 400 403 403"},
    "library:review":           {"GET": "403 403 405 403 403", "POST": "403 403 302 403 403"},
    "library:wrong":            {"GET": "403 403 200 403 403", "POST": "403 403 200 403 403"},
    "library:correction":       {"GET": "403 403 200 403 403", "POST": "403 403 200 403 403"},
    "library:choose":           {"GET": "200 200 403 403 403", "POST": "405 405 403 403 403"},
    "library:check":            {"GET": "200 200 403 403 403", "POST": "200 200 403 403 403"},
    "library:preview":          {"GET": "404 404 403 403 403", "POST": "405 405 403 403 403"},
    "library:undo":             {"GET": "405 405 403 403 403", "POST": "404 404 403 403 403"},
    "outreach:list":            {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "outreach:new":             {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "outreach:event":           {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "outreach:edit":            {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "outreach:cancel":          {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "outreach:register":        {"GET": "405 405 405 403 403", "POST": "200 200 200 403 403"},
    "outreach:new_link":        {"GET": "403 405 405 403 403", "POST": "403 302 302 403 403"},
    "outreach:entry":           {"GET": "200 200 200 403 403", "POST": "200 200 200 403 403"},
    "outreach:registration":    {"GET": "405 405 405 403 403", "POST": "400 400 400 403 403"},
    "campaigns:list":           {"GET": "403 200 200 403 200", "POST": "403 405 405 403 405"},
    "campaigns:new":            {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "campaigns:campaign":       {"GET": "403 200 200 403 200", "POST": "403 405 405 403 405"},
    "campaigns:progress":       {"GET": "403 286 286 403 286", "POST": "403 405 405 403 405"},
    "campaigns:edit":           {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "campaigns:people":         {"GET": "403 200 200 403 200", "POST": "403 405 405 403 405"},
    "campaigns:mail":           {"GET": "403 200 200 403 200", "POST": "403 405 405 403 405"},
    "campaigns:test":           {"GET": "403 405 405 403 403", "POST": "403 400 400 403 403"},
    "campaigns:ask":            {"GET": "403 405 405 403 403", "POST": "403 302 302 403 403"},
    "campaigns:decide":         {"GET": "403 403 405 403 403", "POST": "403 403 400 403 403"},
    "campaigns:switch":         {"GET": "403 302 302 403 403", "POST": "403 302 302 403 403"},
    "surveys:list":             {"GET": "403 200 200 403 200", "POST": "403 405 405 403 405"},
    "surveys:new":              {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "surveys:survey":           {"GET": "403 200 200 403 200", "POST": "403 405 405 403 405"},
    "surveys:words":            {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "surveys:arrange":          {"GET": "403 405 405 403 403", "POST": "403 404 404 403 403"},
    "surveys:question_new":     {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "surveys:question":         {"GET": "403 200 200 403 403", "POST": "403 200 200 403 403"},
    "surveys:new_version":      {"GET": "403 405 405 403 403", "POST": "403 302 302 403 403"},
    "outbox:backlog":           {"GET": "403 200 200 403 200", "POST": "403 405 405 403 405"},
    "outbox:sending":           {"GET": "403 403 200 403 403", "POST": "403 403 200 403 403"},
    "outbox:again":             {"GET": "403 200 200 403 403", "POST": "403 302 302 403 403"},
    "outbox:arrived":           {"GET": "403 200 200 403 403", "POST": "403 302 302 403 403"},
    "outbox:message":           {"GET": "200 200 200 403 200", "POST": "405 405 405 403 405"},
    "access:register":          {"GET": "403 200 200 200 200", "POST": "403 405 405 405 405"},
    "access:register_print":    {"GET": "403 200 200 200 200", "POST": "403 405 405 405 405"},
    "access:register_export":   {"GET": "403 403 200 200 200", "POST": "403 403 200 200 200"},
    "access:drift":             {"GET": "403 403 200 403 200", "POST": "403 403 405 403 405"},
    "access:person":            {"GET": "403 200 200 200 200", "POST": "403 405 405 405 405"},
    "access:deactivate":        {"GET": "403 403 403 405 403", "POST": "403 403 403 200 403"},
    "access:grant_end":         {"GET": "403 403 405 405 403", "POST": "403 403 200 200 403"},
    "access:mine":              {"GET": EVERYBODY, "POST": NEVER},
    "access:requests":          {"GET": "403 200 200 200 200", "POST": "403 405 405 405 405"},
    "access:request_new":       {"GET": "403 200 200 200 200", "POST": "403 200 200 200 200"},
    "access:request":           {"GET": "403 200 200 200 200", "POST": "403 405 405 405 405"},
    "access:request_authorise": {"GET": "403 403 405 403 403", "POST": "403 403 302 403 403"},
    "access:request_refuse":    {"GET": "403 403 405 403 403", "POST": "403 403 200 403 403"},
    "access:request_execute":   {"GET": "403 403 403 405 403", "POST": "403 403 403 200 403"},
    "access:request_withdraw":  {"GET": "403 405 405 405 405", "POST": "403 302 403 403 403"},
    "access:training":          {"GET": "403 200 200 200 200", "POST": "403 405 405 405 405"},
    "access:training_mine":     {"GET": EVERYBODY, "POST": NEVER},
    "access:training_of":       {"GET": "403 200 200 200 200", "POST": "403 403 200 200 403"},
    "access:training_extend":   {"GET": "403 403 405 403 403", "POST": "403 403 200 403 403"},
    "access:training_withdraw": {"GET": "403 403 405 405 403", "POST": "403 403 302 302 403"},
    "access:review":            {"GET": "403 403 200 403 200", "POST": "403 403 405 403 405"},
    "access:review_confirm":    {"GET": "403 403 405 403 405", "POST": "403 403 302 403 403"},
    "access:review_remove":     {"GET": "403 403 405 403 405", "POST": "403 403 302 403 403"},
    # One's own sign-in. 302: confirm first that it is you; the manager, the administrator and the officer have an app.
    "account_reauthenticate":   {"GET": EVERYBODY, "POST": EVERYBODY},
    "mfa_reauthenticate":       {"GET": "302 302 200 200 200", "POST": "302 302 200 200 200"},
    "mfa_reauthenticate_webauthn": {"GET": AWAY, "POST": AWAY},
    "kept_form":                {"GET": AWAY, "POST": AWAY},
    "mfa_index":                {"GET": EVERYBODY, "POST": NEVER},
    "account_change_password":  {"GET": EVERYBODY, "POST": EVERYBODY},
    "mfa_activate_totp":        {"GET": AWAY, "POST": AWAY},
    "mfa_deactivate_totp":      {"GET": "404 404 302 302 302", "POST": "404 404 302 302 302"},
    "mfa_add_webauthn":         {"GET": AWAY, "POST": AWAY},
    "mfa_remove_webauthn":      {"GET": AWAY, "POST": AWAY},
    "mfa_view_recovery_codes":  {"GET": "404 404 404 404 404", "POST": NEVER},
    "mfa_generate_recovery_codes": {"GET": AWAY, "POST": AWAY},
    "session_end":              {"GET": NEVER, "POST": "404 404 404 404 404"},
    "sessions_end_others":      {"GET": NEVER, "POST": AWAY},
    "session_time_left":        {"GET": EVERYBODY, "POST": NEVER},
    "session_stay":             {"GET": NEVER, "POST": EVERYBODY},
    # A demonstration system only (I2A_DEMO=1)
    "demo_outbox:outbox":       {"GET": EVERYBODY, "POST": NEVER},
    "demo_outbox:html_part":    {"GET": "404 404 404 404 404", "POST": NEVER},
    "demo_outbox:bounce":       {"GET": NEVER, "POST": "302 302 302 302 302"},
    "demo_phone:phone":         {"GET": EVERYBODY, "POST": EVERYBODY},
    "demo:clock":               {"GET": EVERYBODY, "POST": EVERYBODY},
    "demo:clock_reset":         {"GET": NEVER, "POST": "302 302 302 302 302"},
    "demo:jobs_run":            {"GET": NEVER, "POST": "302 302 302 302 302"},
}
# fmt: on
PUBLIC_TABLE = {
    "account_login": {"GET": 200, "POST": 200},
    "account_logout": {"GET": 405, "POST": 302},
    "account_reset_password": {"GET": 200, "POST": 200},
    "account_reset_password_from_key": {"GET": 200, "POST": 200},  # without a link from a mail
    "openid_connect_login": {"GET": 404, "POST": 405},  # without an identity provider
    "openid_connect_callback": {"GET": 404, "POST": 405},
    "mfa_authenticate": {"GET": 302, "POST": 302},  # before the password
    "mfa_login_webauthn": {"GET": 302, "POST": 302},
    "privacy": {"GET": 200, "POST": 405},
    "healthz": {"GET": 200, "POST": 405},
    "set_language": {"GET": 405, "POST": 302},
    "favicon": {"GET": 302, "POST": 405},
    "outbox:returned": {"GET": 405, "POST": 404},  # without a secret for it
    "phone_events": {"GET": 405, "POST": 404},  # without a secret for it
    "unsubscribe": {"GET": 404, "POST": 404},  # without a link from a mail
    "register": {"GET": 200, "POST": 400},  # without the address of a form: what everybody may register for
}


def routes(patterns=None, namespace=""):
    """(name, callback) of every route, as it is reversed."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern.callback


NAMES = [name for name, _callback in routes()]
