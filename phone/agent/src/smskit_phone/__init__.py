"""The SMSKit phone agent: holds a WebSocket to the gateway, claims SMS jobs and sends them over a radio.

Programs use `Phone` with a `Driver`; `simulated_phone` builds one on the simulated radio.
"""

from smskit_phone.config import PhoneConfig, Timings
from smskit_phone.credentials import Credentials
from smskit_phone.drivers.base import Driver, InboundMessage, RadioError, RadioMessage, Sim
from smskit_phone.drivers.sim import SimDriver
from smskit_phone.events import Event
from smskit_phone.faults import ErrorRule, Faults, FrameRule
from smskit_phone.faults_file import FaultSource
from smskit_phone.fleet import simulated_phone
from smskit_phone.pairing import pair
from smskit_phone.phone import Phone

__all__ = [
    "Credentials",
    "Driver",
    "ErrorRule",
    "Event",
    "FaultSource",
    "Faults",
    "FrameRule",
    "InboundMessage",
    "Phone",
    "PhoneConfig",
    "RadioError",
    "RadioMessage",
    "Sim",
    "SimDriver",
    "Timings",
    "pair",
    "simulated_phone",
]
