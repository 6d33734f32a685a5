from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page
from workshop.views import bays, board, catalogue, dispatch, floor, inspections, jobs, supplies, tools

app_name = "workshop"

urlpatterns = [
    page("dispatch/", dispatch.dispatch_page, Permission.JOB_DISPATCH, name="dispatch"),
    page("dispatch/<int:pk>/", dispatch.dispatch_order, Permission.JOB_DISPATCH, name="dispatch_order"),
    page("jobs/<int:pk>/reassign/", dispatch.job_reassign, Permission.JOB_DISPATCH, name="job_reassign"),
    page("jobs/<int:pk>/cancel/", dispatch.job_cancel, Permission.JOB_DISPATCH, name="job_cancel"),
    page("jobs/<int:pk>/finish-for/", dispatch.job_finish_for, Permission.JOB_DISPATCH, name="job_finish_for"),
    page("lines/<int:pk>/split/", dispatch.line_split, Permission.JOB_DISPATCH, name="line_split"),
    page("clocks/", dispatch.forgotten_clocks, Permission.JOB_DISPATCH, name="clocks"),
    page("jobs/", jobs.my_jobs, Permission.JOB_WORK, name="my_jobs"),
    page("jobs/<int:pk>/start/", jobs.job_start, Permission.JOB_WORK, name="job_start"),
    page("jobs/<int:pk>/pause/", jobs.job_pause, Permission.JOB_WORK, name="job_pause"),
    page("jobs/<int:pk>/resume/", jobs.job_resume, Permission.JOB_WORK, name="job_resume"),
    page("jobs/<int:pk>/finish/", jobs.job_finish, Permission.JOB_WORK, name="job_finish"),
    page("jobs/check/<int:pk>/", inspections.team_check, Permission.JOB_WORK, name="team_check"),
    page("orders/<int:pk>/jobs/", jobs.order_jobs, Permission.JOB_VIEW, name="order_jobs"),
    page("inspections/", inspections.inspection_queue, Permission.INSPECTION_CREATE, name="inspections"),
    page("inspections/<int:pk>/", inspections.inspection, Permission.INSPECTION_CREATE, name="inspection"),
    page("comebacks/", inspections.comebacks, Permission.COMEBACK_DECIDE, name="comebacks"),
    page("comebacks/<int:pk>/", inspections.comeback, Permission.COMEBACK_DECIDE, name="comeback"),
    page("board/", board.board, Permission.BOARD_VIEW, name="board"),
    page("board/wall/", board.wall, Permission.BOARD_VIEW, name="wall"),
    page("board/lounge/", board.lounge, Permission.BOARD_VIEW, name="lounge"),
    page("consumables/", supplies.consumables, Permission.CONSUMABLE_CHANGE, name="consumables"),
    page("consumables/new/", supplies.consumable_new, Permission.CONSUMABLE_CHANGE, name="consumable_new"),
    page("deductions/", supplies.deductions, Permission.DEDUCTION_CHANGE, name="deductions"),
    page("deductions/new/", supplies.deduction_new, Permission.DEDUCTION_CHANGE, name="deduction_new"),
    page(
        "deductions/approval/", supplies.deduction_approvals, Permission.DEDUCTION_APPROVE, name="deduction_approvals"
    ),
    page(
        "deductions/<int:pk>/approve/",
        supplies.deduction_approve,
        Permission.DEDUCTION_APPROVE,
        name="deduction_approve",
    ),
    page(
        "deductions/<int:pk>/decline/",
        supplies.deduction_decline,
        Permission.DEDUCTION_APPROVE,
        name="deduction_decline",
    ),
    page("operations/", catalogue.operations, Permission.ORDER_VIEW, name="operations"),
    page("operations/new/", catalogue.operation_new, Permission.WORKSHOP_CHANGE, name="operation_new"),
    page("operations/<int:pk>/", catalogue.operation, Permission.WORKSHOP_CHANGE, name="operation"),
    page("skills/", floor.skills, Permission.WORKSHOP_CHANGE, name="skills"),
    page("skills/<int:pk>/", floor.team_skills, Permission.WORKSHOP_CHANGE, name="team_skills"),
    page("shifts/", floor.shifts, Permission.WORKSHOP_CHANGE, name="shifts"),
    page("shifts/copy/", floor.shifts_copy, Permission.WORKSHOP_CHANGE, name="shifts_copy"),
    page("attendance/", floor.attendance, Permission.WORKSHOP_CHANGE, name="attendance"),
    page("attendance/new/<int:pk>/", floor.attendance_new, Permission.WORKSHOP_CHANGE, name="attendance_new"),
    page("attendance/own/", floor.attendance_own, Permission.JOB_WORK, name="attendance_own"),
    page("attendance/come/", floor.attendance_come, Permission.JOB_WORK, name="attendance_come"),
    page("attendance/leave/", floor.attendance_leave, Permission.JOB_WORK, name="attendance_leave"),
    page(
        "attendance/<int:pk>/correct/", floor.attendance_correct, Permission.WORKSHOP_CHANGE, name="attendance_correct"
    ),
    page("attendance/<int:pk>/strike/", floor.attendance_strike, Permission.WORKSHOP_CHANGE, name="attendance_strike"),
    page("tools/", tools.tools, Permission.TOOL_REPORT, name="tools"),
    page("tools/new/", tools.tool_new, Permission.WORKSHOP_CHANGE, name="tool_new"),
    page("tools/<int:pk>/", tools.tool, Permission.TOOL_REPORT, name="tool"),
    page("tools/<int:pk>/change/", tools.tool_change, Permission.WORKSHOP_CHANGE, name="tool_change"),
    page("tools/<int:pk>/report/", tools.tool_report, Permission.TOOL_REPORT, name="tool_report"),
    page("bays/", bays.bays, Permission.WORKSHOP_CHANGE, name="bays"),
    page("bays/<int:pk>/", bays.bay, Permission.WORKSHOP_CHANGE, name="bay"),
]
