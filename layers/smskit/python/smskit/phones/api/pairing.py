"""What a phone says when it pairs, and the answer. Unknown fields are ignored, as in every word of a phone."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from smskit.models.device import Sim
from smskit.models.lane import DEFAULT_WINDOW, MAX_WINDOW
from smskit.phones.logic.pairing import NewPhone
from smskit.platform.http.api_models import ApiModel, RequestModel, not_blank

MAX_SIMS = 8

Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(not_blank)]


class PairedSim(RequestModel):
    """A SIM of the phone."""

    model_config = ConfigDict(extra="ignore")

    sim_slot: int = Field(ge=0, le=7, description="The SIM's slot in the phone, from 0.", examples=[0])
    carrier_name: str | None = Field(default=None, max_length=100, examples=["Safaricom"])
    phone_number: str | None = Field(default=None, max_length=40, examples=["+254700000000"])
    window: int = Field(
        default=DEFAULT_WINDOW, ge=1, le=MAX_WINDOW, description="Jobs that the SIM takes at a time.", examples=[3]
    )


def _distinct(sims: list[PairedSim]) -> list[PairedSim]:
    if len({sim.sim_slot for sim in sims}) != len(sims):
        raise PydanticCustomError("distinct", "must not name a simSlot twice")
    return sims


class PairRequest(RequestModel):
    """A phone with a pairing code."""

    model_config = ConfigDict(extra="ignore")

    code: str = Field(min_length=1, max_length=64, examples=["7H2K9-M4P1Q"])
    name: Name = Field(description="What people call the phone.", examples=["Pixel 6 — Nairobi"])
    model: str | None = Field(default=None, max_length=100, examples=["Pixel 6"])
    platform: str | None = Field(default=None, max_length=100, examples=["android"])
    app_version: str | None = Field(default=None, max_length=100, examples=["1.4.0"])
    sims: Annotated[list[PairedSim], AfterValidator(_distinct)] = Field(min_length=1, max_length=MAX_SIMS)

    def told(self) -> NewPhone:
        """The same in plain values."""
        return NewPhone(
            code=self.code,
            name=self.name,
            model=self.model,
            platform=self.platform,
            app_version=self.app_version,
            sims=[Sim(sim.sim_slot, sim.carrier_name, sim.phone_number, sim.window) for sim in self.sims],
        )


class Paired(ApiModel):
    """The phone is paired. The token is shown this once."""

    device_id: str = Field(examples=["dvc_3K7J2H5F8M1N4Q9R6V0W"])
    device_token: str
    web_socket_url: str = Field(examples=["wss://abc.execute-api.eu-west-1.amazonaws.com/live"])
