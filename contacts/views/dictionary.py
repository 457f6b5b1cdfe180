"""Privacy > Data dictionary (R-CON-05): printed from the declarations that the tests hold against the schema."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from audit.data_dictionary import dictionary
from audit.models import AccessEvent
from audit.services import record_access
from i2a.permissions import requires


@require_GET
@requires("contacts.view_data_dictionary")
def data_dictionary(request: HttpRequest) -> HttpResponse:
    records = list(dictionary())
    record_access(kind=AccessEvent.Kind.LISTED, object_type="data dictionary", detail={"count": len(records)})
    return render(request, "contacts/data_dictionary.html", {"records": records})
