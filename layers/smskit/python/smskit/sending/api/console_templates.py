"""The console API's routes about templates."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit.accounts.api import sign_in
from smskit.platform.http import serving
from smskit.platform.times import now_ms
from smskit.sending.api.template_views import ChangeTemplate, CreateTemplate, TemplateList, TemplateView, template_view
from smskit.sending.logic import templates

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_TAGS = ["Templates"]


@router.get(
    "/console/templates",
    summary="Templates",
    description="List the account's templates. A change shows within about a second.",
    response_description="All templates, oldest first.",
    operation_id="listTemplates",
    tags=_TAGS,
)
def list_templates() -> Response[TemplateList]:
    """List templates."""
    found = templates.list_all(sign_in.person().account_id)
    return serving.answer(TemplateList(templates=[template_view(each) for each in found]))


@router.post(
    "/console/templates",
    status_code=201,
    summary="Add a template",
    description="Keep a text with variables under a name. Sends and bulk requests of people and of programs name it by "
    "`templateId`. At most 100 an account.",
    response_description="The template.",
    operation_id="createTemplate",
    tags=_TAGS,
)
def create_template(request: CreateTemplate) -> Response[TemplateView]:
    """Add a template."""
    made = templates.create(sign_in.person(), request.name, request.message, request.longest, now_ms())
    return serving.answer(template_view(made), 201, {"Location": f"/console/templates/{made.template_id}"})


@router.get(
    "/console/templates/<template_id>",
    summary="Template",
    description="Show a template.",
    response_description="The template.",
    operation_id="getTemplate",
    tags=_TAGS,
)
def get_template(template_id: str) -> Response[TemplateView]:
    """Show a template."""
    return serving.answer(template_view(templates.read(sign_in.person().account_id, template_id)))


@router.patch(
    "/console/templates/<template_id>",
    summary="Change a template",
    description="Change its name, its message, or the longest values. Messages that are accepted keep their text.",
    response_description="The template, as it is now.",
    operation_id="changeTemplate",
    tags=_TAGS,
)
def change_template(template_id: str, request: ChangeTemplate) -> Response[TemplateView]:
    """Change a template."""
    wanted = templates.TemplateChange(request.name, request.message, request.longest)
    return serving.answer(template_view(templates.change(sign_in.person(), template_id, wanted, now_ms())))


@router.delete(
    "/console/templates/<template_id>",
    status_code=204,
    summary="Remove a template",
    description="Remove a template. Who still sends by it is answered `422 unknown-template`.",
    response_description="It is removed.",
    operation_id="removeTemplate",
    tags=_TAGS,
)
def remove_template(template_id: str) -> Response[None]:
    """Remove a template."""
    templates.remove(sign_in.person(), template_id, now_ms())
    return serving.nothing()
