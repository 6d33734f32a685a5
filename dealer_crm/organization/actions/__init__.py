"""Changing people, stores, teams and figures, and noting who signs in."""

from dealer_crm.organization.actions.api_tokens import give_api_token, withdraw_api_token
from dealer_crm.organization.actions.figures import set_figure
from dealer_crm.organization.actions.people import (
    change_person,
    change_position,
    close_left_accounts,
    create_staff,
    end_employment,
    grant_roles,
    pinyin_key,
    resume_employment,
)
from dealer_crm.organization.actions.sign_ins import (
    change_password,
    check_second_factor,
    confirm_second_factor,
    forget_second_factor,
    prepare_second_factor,
    record_failed_sign_in,
    record_sign_in,
    record_sign_out,
    reset_password,
)
from dealer_crm.organization.actions.stores import ON_BILLS, change_store, change_team, create_store, create_team

__all__ = [
    "ON_BILLS",
    "change_password",
    "change_person",
    "change_position",
    "change_store",
    "change_team",
    "check_second_factor",
    "close_left_accounts",
    "confirm_second_factor",
    "create_staff",
    "create_store",
    "create_team",
    "end_employment",
    "forget_second_factor",
    "give_api_token",
    "grant_roles",
    "pinyin_key",
    "prepare_second_factor",
    "record_failed_sign_in",
    "record_sign_in",
    "record_sign_out",
    "reset_password",
    "resume_employment",
    "set_figure",
    "withdraw_api_token",
]
