"""Work given out by the API: to one of the trust's people or a firm, by whoever may, with a clear answer else."""

import json
import uuid

from django.test import Client

from backend.core.days import today
from backend.maintenance.actions import report_defect
from backend.maintenance.models import WorkOrder
from tests.maintenance.firms import insured


def give(asker, defect, **sent):
    client = Client()
    client.force_login(asker)
    return client.post(f"/api/v1/defects/{defect.pk}/give", json.dumps(sent), content_type="application/json")


def test_work_is_given_to_a_person_or_a_firm_and_refused_to_others(world):
    from django.utils import timezone

    defect = report_defect(
        id=uuid.uuid4(), site=world.oakfield, person=world.caretaker, summary="Tap drips", severity="low", unsafe=False,
        found_on=today(), reported_at=timezone.now(),
    )  # fmt: skip
    firm = insured("Acme Taps")
    answer = give(world.lead, defect, person=str(world.caretaker.pk), title="Mend the tap")
    assert answer.status_code == 201, answer.content
    assert answer.json()["assigned_to_name"] == str(world.caretaker)
    assert give(world.lead, defect, contractor=str(firm.pk)).json()["contractor_name"] == "Acme Taps"
    assert give(world.lead, defect, contractor=str(firm.pk), person=str(world.caretaker.pk)).status_code == 400
    assert give(world.lead, defect, person=str(uuid.uuid4())).status_code == 404
    assert give(world.caretaker, defect).status_code == 403
    assert give(world.stranger, defect).status_code == 404
    assert WorkOrder.objects.count() == 2
