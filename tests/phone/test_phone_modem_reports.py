"""Delivery reports: which message each is about."""

from datetime import UTC, datetime, timedelta

from smskit_phone.database import Database
from smskit_phone.drivers import gammu_references
from smskit_phone.drivers.gammu_lines import Report
from smskit_phone.drivers.gammu_references import HandedOver, References
from tests.phone.at_modem import AtModem
from tests.phone.modems import ALICE, PATIENCE, ModemRunner
from tests.phone.server_double import eventually

# TP-Status of 3GPP TS 23.040.
STILL_TRYING, GIVEN_UP = 0x30, 0x46
BOB = "+254700000002"


async def test_reports_belong_to_reference_and_recipient_and_references_begin_anew_behind_255(server, runner, modem):
    modem.confirms, modem.next_reference = False, 255
    await ModemRunner(runner, [modem]).start()
    jobs = [server.add(f"job_{number}", recipient=to) for number, to in enumerate((ALICE, BOB, ALICE))]
    for job, reference in zip(jobs, (255, None, 0), strict=True):
        modem.next_reference = modem.next_reference if reference is None else reference
        await server.offer(job)
        await eventually(lambda: job.status == "Sent", PATIENCE)  # noqa: B023

    modem.report(255, ALICE, status=GIVEN_UP)
    modem.report(255, ALICE)
    modem.report(255, BOB)
    modem.report(0, ALICE.replace("+254", "0"))
    await eventually(lambda: jobs[2].status == "Delivered", PATIENCE)
    modem.report(0, BOB, status=STILL_TRYING)
    modem.report(0, BOB)
    await eventually(lambda: jobs[1].status == "Delivered", PATIENCE)

    assert [job.status for job in jobs] == ["Sent", "Delivered", "Delivered"]


async def test_of_two_parts_under_one_reference_the_networks_time_tells_which_one_is_meant(server, runner, modem):
    modem.confirms = False
    await ModemRunner(runner, [modem]).start()
    jobs = [server.add(f"job_{number}", recipient=ALICE) for number in range(2)]
    for job in jobs:
        modem.next_reference = 9
        await server.offer(job)
        await eventually(lambda: job.status == "Sent", PATIENCE)  # noqa: B023

    modem.report(9, ALICE, submitted=datetime.now(UTC) + timedelta(minutes=1))
    await eventually(lambda: jobs[1].status == "Delivered", PATIENCE)

    assert jobs[0].status == "Sent"


async def test_parts_confirmed_before_and_after_a_restart_make_one_delivery(server, runner, modem):
    modem.confirms = False
    await ModemRunner(runner, [modem]).start()
    job = server.add("job_1", recipient=ALICE, message="a" * 200, segments=2)
    await server.offer(job)
    await eventually(lambda: job.status == "Sent", PATIENCE)
    modem.report(1, ALICE)
    await server.offer(other := server.add("job_2", recipient=BOB))
    await eventually(lambda: other.status == "Sent", PATIENCE)
    await runner.stop()

    await ModemRunner(runner, [modem]).start()
    modem.report(2, ALICE)
    await eventually(lambda: job.status == "Delivered", PATIENCE)

    assert server.states("job_1") == ["Sent", "Delivered"]


async def test_a_modem_that_stores_reports_is_read_and_its_places_are_freed(server, runner, tmp_path):
    modem = AtModem(tmp_path / "ttyUSB0", report_mode=2)
    modem.plug()
    await ModemRunner(runner, [modem]).start()
    job = server.add("job_1", recipient=ALICE)
    modem.report(77, BOB)

    await server.offer(job)
    await eventually(lambda: job.status == "Delivered" and not modem.stored, PATIENCE)
    modem.unplug()


def test_a_report_is_one_sims_and_a_number_is_the_same_in_each_of_its_forms(tmp_path):
    references = References(Database(tmp_path / "modems.sqlite3", gammu_references.SCHEMA))
    references.add(HandedOver("first card", 7, ALICE, "job_1", 0, 1))

    assert references.settle("second card", Report(None, 7, ALICE, 0, 0.0)) is None
    assert references.settle("first card", Report(None, 7, BOB, 0, 0.0)) is None
    assert not references.is_delivered("job_1")
    assert references.settle("first card", Report(None, 7, ALICE.lstrip("+"), 0, 0.0)) == "job_1"
    assert references.is_delivered("job_1")
    assert not gammu_references.same_number("40404", "140404")
