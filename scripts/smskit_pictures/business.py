"""The business in the pictures: its phones, its people, and what it writes. The numbers are made up."""

from __future__ import annotations

from dataclasses import dataclass

from smskit_phone.drivers.base import Sim, Vitals

NAME = "Haraka Pay"
OWNER, OPERATOR, INVITED, VIEWER = (f"{name}@harakapay.example" for name in ("wambui", "amina", "otieno", "njeri"))
CODES, RECEIPTS, REMINDERS, STAGING = "Codes", "Receipts", "Reminders", "Staging"
QUIET = {"from": "21:00", "to": "07:00", "exemptPriorities": [9, 10]}


@dataclass(frozen=True)
class ShownPhone:
    """A phone as the fleet shows it. `gaps` are hours before now in which it was heard half, or not at all."""

    name: str
    model: str
    platform: str
    sims: tuple[Sim, ...]
    vitals: Vitals
    limit: int
    gaps: tuple[int, ...] = ()


def _safaricom(end: int, slot: int = 0) -> Sim:
    return Sim(slot, "Safaricom", f"+254700000{end}")


def _airtel(end: int, slot: int = 1) -> Sim:
    return Sim(slot, "Airtel", f"+254730000{end}")


def _well(battery: int, charging: bool, network: str, bars: int) -> Vitals:
    return Vitals(battery, charging, network, bars, frozenset({0, 1}))


FRONT_DESK, KISUMU, MOMBASA, RESERVE, WESTLANDS_1, WESTLANDS_2 = PHONES = (
    ShownPhone(
        "Front desk", "Galaxy A15", "Android 14", (_safaricom(201), _airtel(202)), _well(87, True, "LTE", 4), 100
    ),
    ShownPhone(
        "Kisumu branch", "Redmi 13C", "Android 14", (_safaricom(231), _airtel(232)), _well(92, True, "LTE", 4), 150
    ),
    ShownPhone(
        "Mombasa branch",
        "Tecno Spark 10",
        "Android 13",
        (_safaricom(241), _airtel(242)),
        _well(9, False, "3G", 1),
        100,
        (1, 0),
    ),
    ShownPhone(
        "Reserve", "Nokia G21", "Android 12", (_safaricom(251),), _well(100, True, "LTE", 3), 200, tuple(range(24))
    ),
    ShownPhone("Westlands 1", "Galaxy A15", "Android 14", (_safaricom(211),), _well(64, False, "LTE", 3), 200),
    ShownPhone(
        "Westlands 2",
        "Infinix Hot 30",
        "Android 13",
        (_safaricom(221), _airtel(222)),
        _well(41, False, "3G", 2),
        100,
        (14, 13),
    ),
)


def number(end: str) -> str:
    """A number in E.164 by its operator and last digits: `22 418`."""
    operator, last = end.split()
    return f"+2547{operator}000{last}"


@dataclass(frozen=True)
class Network:
    """Whose numbers begin how."""

    name: str
    prefixes: tuple[str, ...]


SAFARICOM = Network("Safaricom", ("+25470", "+25471", "+25472", "+25474", "+25479"))
AIRTEL = Network("Airtel", ("+25473", "+25475", "+25478"))


@dataclass(frozen=True)
class Notice:
    """A message that a program of the business sends."""

    client: str
    to: str
    text: str


def code(digits: str) -> str:
    """A one-time password."""
    return f"{digits} is your Haraka Pay code. It ends in 10 minutes. Tell it to nobody, not even to us."


NOTICES = (
    Notice(RECEIPTS, "15 729", "THK4M2X9QD Confirmed. KES 2,450 received from JANE MUTHONI. Balance KES 18,902."),
    Notice(
        REMINDERS, "01 467", "Habari Peter, awamu ya KES 1,500 inafika kesho. Lipa kwa Paybill 000411, akaunti HP2207."
    ),
    Notice(CODES, "69 830", code("650021")),
    Notice(RECEIPTS, "24 603", "Asante kwa kulipa. Risiti yako ni HP-20381, KES 3,200."),
    Notice(
        REMINDERS, "90 144", "Habari Grace, awamu ya KES 2,000 inafika kesho. Lipa kwa Paybill 000411, akaunti HP1874."
    ),
    Notice(CODES, "33 251", code("336250")),
    Notice(
        RECEIPTS, "10 962", "THK7P1C3ZA Confirmed. KES 640 paid to MAMA NJERI STORES. Cost KES 7. Balance KES 5,310."
    ),
    Notice(CODES, "68 211", code("482193")),
    Notice(RECEIPTS, "22 905", "Malipo yako ya KES 1,250 yamepokelewa. Salio la mkopo ni KES 8,750."),
    Notice(CODES, "45 187", code("118764")),
    Notice(
        RECEIPTS, "12 330", "THK8L5V0RB Confirmed. KES 12,000 sent to KAMAU HARDWARE. Cost KES 90. Balance KES 41,275."
    ),
)


@dataclass(frozen=True)
class Kept:
    """A template."""

    name: str
    message: str
    longest: dict[str, str]


INSTALMENT = Kept(
    "Instalment due",
    "Habari {name}, awamu ya KES {amount} inafika kesho. Lipa kwa Paybill 000411. Haraka Pay",
    {"name": "Wanjiku wa Kamau", "amount": "100,000"},
)
TEMPLATES = (
    INSTALMENT,
    Kept(
        "Card is ready",
        "Hello {name}, your card is ready at {branch}. Bring your ID. Haraka Pay",
        {"branch": "Mombasa"},
    ),
    Kept(
        "Sign-in code",
        "{code} is your Haraka Pay code. It ends in 10 minutes. Tell it to nobody, not even to us.",
        {"code": "000000"},
    ),
    Kept(
        "Branch closed",
        "Tawi la {branch} limefungwa leo – karibu kesho saa 2:30 asubuhi. Haraka Pay",
        {"branch": "Westlands"},
    ),
)
_NAMES = (
    "Achieng", "Baraka", "Chebet", "Daudi", "Esther", "Fatuma", "Gitau", "Halima", "Ibrahim", "Jane", "Kiprop", "Lina",
)  # fmt: skip
DEBTORS = [(f"0710 000 {310 + 7 * at}", name, f"{1_200 + 350 * at:,}") for at, name in enumerate(_NAMES)]
STOPPED = "0745 000 087"
ANNOUNCEMENT = "Habari {name}, kuanzia leo matawi yetu yote yanafungua saa 2 asubuhi. Karibu Haraka Pay."
PASTED = "number,name,amount\n" + "\n".join(
    f"{number},{name},{amount.replace(',', '')}" for number, name, amount in DEBTORS
)
TO_MANY = "Habari {name}, awamu ya KES {amount} inafika kesho. Lipa kwa Paybill 000411. Haraka Pay"


@dataclass(frozen=True)
class Talk:
    """A conversation: lines that came in, and then the answer of somebody. Without one it waits, unless it was read."""

    number: str
    heard: tuple[str, ...]
    answer: str | None = None
    name: str | None = None
    is_read: bool = False


TALKS = (
    Talk("+254715000729", ("Sawa, asante sana",), is_read=True),
    Talk("+254745000087", ("STOP",), is_read=True),
    Talk("+254710000962", ("Please call me, I am outside the shop", "They say the till number is wrong", "Hello?")),
    Talk("+254733000251", ("Ni saa ngapi mnafungua Jumamosi?",)),
    Talk("+254722000418", ("Hello, I did not get the code", "Please send it again, I am at the agent now")),
    Talk(
        "+254724000603",
        ("Do I need my ID to collect the card?",),
        "Yes, bring your ID and the old card. We open at 8:30.",
        "Grace Wanjiru",
    ),
    Talk(
        "+254790000144",
        ("Nimelipa 2,000 lakini bado naona deni",),
        "Asante, tumeona malipo yako. Deni lako sasa ni sifuri.",
        "Grace Achieng",
    ),
)

THREAD = Talk(
    "+254712000678",
    ("Habari, nimetuma 4,500 kwa namba mbaya jana usiku", "Code ni THJ9W3K1PE. Mnaweza kurudisha?"),
    name="Mwangi Kariuki",
)
"""The conversation that is opened, up to where the business begins to answer."""

THREAD_REFUSED = "Pole sana. Tunaangalia sasa hivi."
THREAD_ANSWER = "Pole sana Mwangi. Tumeomba irudishwe; aliyepokea amekubali. Utapata KES 4,500 leo kabla ya saa kumi."
THREAD_NOTICE = "THL2B8N4SY Confirmed. KES 4,500 reversed to your account. Balance KES 6,120."
THREAD_LATER = ("Nimepata. Asanteni sana!", "Je, naweza kuzuia namba hiyo?")
DRAFT = "Ndiyo. Piga *334# na uchague Usalama."
