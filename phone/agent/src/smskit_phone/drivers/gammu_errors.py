"""A modem's refusals in the protocol's words.

The numbers of +CMS ERROR are those of 3GPP TS 27.005 (from 300 on), TS 24.011 (below 128) and TS 23.040 (128 to 255);
those of +CME ERROR are TS 27.007's.
"""

from smskit_phone.drivers.base import RadioError
from smskit_phone.drivers.gammu_lines import Refused

_CMS = {
    "invalid_number": {1, 28, 30, 195},
    "permission_denied": {8, 10, 50, 196},
    "no_service": {17, 22, 34, 38, 331},
    "null_pdu": {95, 96, 304, 305},
    "sim_absent": {310, 311, 312, 313, 315, 316, 317, 318},
}
_CME = {
    "sim_absent": {5, 6, 7, 10, 11, 12, 13, 15, 17, 18},
    "no_service": {30, 32, 53, 54, 55},
    "fdn_blocked": {56},
}
_GAMMU = {
    "ERR_NOSIM": "sim_absent",
    "ERR_SECURITYERROR": "sim_absent",
    "ERR_NETWORK_ERROR": "no_service",
    "ERR_GETTING_SMSC": "generic_failure",
    "ERR_NUL": "null_pdu",
}
_NO_ANSWER = {("cms", 332), ("cme", 31)}
"""The network didn't answer in time: it may have the message."""


class OutcomeUnknownError(Exception):
    """The modem can't tell whether a part went out."""


def refusal(said: Refused, handed_over: int) -> RadioError:
    """What the phone is to report. Raises OutcomeUnknownError where the message may have gone out all the same."""
    if (said.family, said.code) in _NO_ANSWER:
        raise OutcomeUnknownError(f"+{said.family} error {said.code}")
    if said.family is None or said.code is None:
        code = _GAMMU.get(said.error, "generic_failure")
        return RadioError(code, f"the modem refused the message: {said.error}", handed_over)
    table = _CMS if said.family == "cms" else _CME
    code = next((name for name, numbers in table.items() if said.code in numbers), "generic_failure")
    words = f"the modem refused the message with +{said.family.upper()} ERROR {said.code}"
    return RadioError(code, words, handed_over)
