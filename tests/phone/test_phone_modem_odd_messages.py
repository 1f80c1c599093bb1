"""SMS that are out of the ordinary, in and out at a GSM modem: none is lost, cut or sent twice."""

from datetime import timedelta

from tests.phone import pdu
from tests.phone.at_modem import PLACES
from tests.phone.inbound import contents
from tests.phone.modems import ALICE, AT, PATIENCE, ModemRunner
from tests.phone.server_double import eventually


async def test_class_0_and_empty_messages_come_in_like_others(server, runner, modem):
    await ModemRunner(runner, [modem]).start()

    modem.receive(pdu.deliver(ALICE, "shown at once", AT, flash=True))
    modem.receive(pdu.deliver(ALICE, "", AT))
    modem.receive(pdu.deliver_gsm(ALICE, "", AT))
    await eventually(lambda: len(server.inbound) == 3 and not modem.stored, PATIENCE)
    modem.pass_on(pdu.deliver(ALICE, "never stored 😀", AT, flash=True))
    await eventually(lambda: len(server.inbound) == 4, PATIENCE)

    assert contents(server) == ["shown at once", "", "", "never stored 😀"]
    assert {message["from"] for message in server.inbound.values()} == {ALICE}


async def test_a_sender_may_be_a_name_of_up_to_eleven_characters_or_a_short_code(server, runner, modem):
    senders = ["M-PESA", "Equity7", "Safaricom24", "A", "NHIF KE", "Ä_B$ Ω", "40404", "+254712345678"]
    await ModemRunner(runner, [modem]).start()

    for number, sender in enumerate(senders):
        modem.receive(pdu.deliver(sender, "text", AT + timedelta(seconds=number)))
    await eventually(lambda: len(server.inbound) == len(senders) and not modem.stored, PATIENCE)

    assert [message["from"] for message in server.inbound.values()] == senders


async def test_ten_thousand_characters_come_in_whole_through_a_sim_of_thirty_places(server, runner, modem):
    text = "".join(f"{number:04} 😀" for number in range(1667))[:10_000]
    parts = pdu.deliver_long(ALICE, text, AT, reference=200)
    assert len(parts) > 5 * PLACES
    await ModemRunner(runner, [modem]).start()

    modem.receive_all(parts)
    await eventually(lambda: server.inbound and not modem.stored, PATIENCE)

    assert contents(server) == [text]
    assert not modem.waiting
