"""Every permission of the program, named NOUN_VERB. Which role holds which stands in `roles.py`."""

from enum import StrEnum


class Permission(StrEnum):
    # Everyone who is signed in
    HOME_VIEW = "home.view"
    NOTICE_VIEW = "notice.view"
    SEARCH_USE = "search.use"
    ACCOUNT_CHANGE = "account.change"  # one's own password, language, second factor

    # Organisation
    STAFF_VIEW = "staff.view"
    STAFF_CHANGE = "staff.change"
    STORE_CHANGE = "store.change"
    FIGURE_VIEW = "figure.view"
    FIGURE_CHANGE = "figure.change"
    CALENDAR_VIEW = "calendar.view"
    CALENDAR_CHANGE = "calendar.change"
    JOURNAL_VIEW = "journal.view"
    WORKBOOK_IMPORT = "workbook.import"
    REPORT_VIEW = "report.view"
    EXPORT_VIEW = "export.view"  # the files of lists one has taken out oneself
    PAPER_PRINT = "paper.print"  # the paper pack for a day without network
    PHONE_REVEAL = "phone.reveal"
    PHONE_EXPORT = "phone.export"

    # Reception
    CUSTOMER_VIEW = "customer.view"
    CUSTOMER_CHANGE = "customer.change"
    CUSTOMER_APPROVE = "customer.approve"
    CUSTOMER_ERASE = "customer.erase"  # on the customer's own request; there is no way back
    VEHICLE_VIEW = "vehicle.view"
    VEHICLE_CHANGE = "vehicle.change"
    APPOINTMENT_VIEW = "appointment.view"
    APPOINTMENT_CHANGE = "appointment.change"
    SLOT_CHANGE = "slot.change"  # how many cars an hour takes by appointment
    ORDER_VIEW = "order.view"
    ORDER_CREATE = "order.create"
    ORDER_CHANGE = "order.change"
    ORDER_CHANGE_ANY = "order.change_any"  # also orders of another advisor
    ORDER_DELIVER = "order.deliver"
    ORDER_CANCEL = "order.cancel"
    ADD_ON_PROPOSE = "add_on.propose"
    ADD_ON_ANSWER = "add_on.answer"  # record what the customer says to it
    SUGGESTION_CHANGE = "suggestion.change"
    DELAY_CHECK = "delay.check"  # look into delays called the customer's cause
    SIGNATURE_TAKE = "signature.take"  # hand the customer the tablet to sign
    DISCOUNT_APPROVE = "discount.approve"
    COST_VIEW = "cost.view"  # what parts and outside work are bought for; never advisors' or the desk's business
    COST_CHANGE = "cost.change"  # keep purchase prices, enter bills of outside work, correct what a line cost
    SETTLEMENT_VIEW = "settlement.view"
    SETTLEMENT_CREATE = "settlement.create"
    SETTLEMENT_REVERSE = "settlement.reverse"
    SETTLEMENT_APPROVE = "settlement.approve"
    RECEIPT_VIEW = "receipt.view"
    RECEIPT_CREATE = "receipt.create"
    ASSESSMENT_CHANGE = "assessment.change"
    RECEIVABLE_VIEW = "receivable.view"
    SEGMENT_VIEW = "segment.view"
    SEGMENT_CHANGE = "segment.change"
    AGREEMENT_VIEW = "agreement.view"
    AGREEMENT_CHANGE = "agreement.change"  # prepare drafts; what holds is approved by somebody else
    AGREEMENT_APPROVE = "agreement.approve"  # also ends them
    MEMBERSHIP_CHANGE = "membership.change"  # terms of the levels, corrections of points
    POINTS_SPEND = "points.spend"

    # Workshop
    BOARD_VIEW = "board.view"
    JOB_DISPATCH = "job.dispatch"
    JOB_WORK = "job.work"
    JOB_VIEW = "job.view"
    INSPECTION_CREATE = "inspection.create"
    COMEBACK_DECIDE = "comeback.decide"
    CONSUMABLE_CHANGE = "consumable.change"
    DEDUCTION_CHANGE = "deduction.change"
    DEDUCTION_APPROVE = "deduction.approve"
    TOOL_REPORT = "tool.report"  # what is wrong with a tool, or right again
    WORKSHOP_MEASURE_VIEW = "workshop_measure.view"  # how store, teams and technicians do
    WORKSHOP_CHANGE = "workshop.change"  # bays, operations catalogue, shifts, tools

    # Satisfaction
    QUESTIONNAIRE_VIEW = "questionnaire.view"
    QUESTIONNAIRE_CHANGE = "questionnaire.change"
    SATISFACTION_VIEW = "satisfaction.view"
    FLAG_DEAL = "flag.deal"
    FLAG_VIEW_OWN = "flag.view_own"  # the bad answers one was asked to deal with
    IMPROVEMENT_CHANGE = "improvement.change"
    IMPROVEMENT_VIEW_OWN = "improvement.view_own"  # the plans one answers for
    STAFF_SURVEY_ANSWER = "staff_survey.answer"  # one's own anonymous sheet
    GUESS_CREATE = "guess.create"  # what a manager believes customers will say, before the figures are out
    SURVEY_INVITE = "survey.invite"  # hand a customer the link to the questionnaire

    # Complaints
    COMPLAINT_VIEW = "complaint.view"  # every complaint of the store
    COMPLAINT_VIEW_OWN = "complaint.view_own"  # those one answers for or entered
    COMPLAINT_COUNT_VIEW = "complaint_count.view"
    COMPLAINT_CREATE = "complaint.create"
    COMPLAINT_ADVISE = "complaint.advise"
    COMPLAINT_DECIDE = "complaint.decide"
    COMPLAINT_REMEDY = "complaint.remedy"
    COMPLAINT_ASK = "complaint.ask"
    APPEAL_CREATE = "appeal.create"  # contradict a judgement that names oneself
    APPEAL_DECIDE = "appeal.decide"
    GOODWILL_VIEW = "goodwill.view"
    GOODWILL_REQUEST = "goodwill.request"
    GOODWILL_APPROVE = "goodwill.approve"  # as much as one's role may grant
    GOODWILL_BUDGET_CHANGE = "goodwill_budget.change"
    KNOWLEDGE_VIEW = "knowledge.view"
    KNOWLEDGE_WRITE = "knowledge.write"
    KNOWLEDGE_APPROVE = "knowledge.approve"
    INCIDENT_WRITE = "incident.write"  # the report of a major complaint
    COMPLAINT_FILE = "complaint.file"

    # Callback
    CALL_TAKE = "call.take"
    CALL_VIEW = "call.view"
    CALL_ASSIGN = "call.assign"
    CALL_RULE_CHANGE = "call_rule.change"
    HANDOVER_CREATE = "handover.create"  # note that a new car was handed over
    REFERRAL_ANSWER = "referral.answer"  # what customers ask through the call centre, and one is asked for
    SERVICE_REQUEST_VIEW = "service_request.view"  # every request of the store
    SERVICE_REQUEST_VIEW_OWN = "service_request.view_own"  # those one answers or took down
    SERVICE_REQUEST_CREATE = "service_request.create"
    SERVICE_REQUEST_LEAD = "service_request.lead"  # work on anybody's: hand on, log, close
    SHOWROOM_VIEW = "showroom.view"
    LEAD_CHANGE = "lead.change"  # visitors and leads: enter, follow up, win, lose
    SHOWROOM_CHECK = "showroom.check"  # whether a day's entries are complete
    CALL_SCORE = "call.score"  # judge how agents speak, and review what looks dishonest

    # Messages
    MESSAGE_VIEW = "message.view"
    MESSAGE_SEND = "message.send"  # withdraw, send again, see the address
    WORDING_CHANGE = "wording.change"
    CHANNEL_TEST = "channel.test"  # see how the channels do, and try them

    # Targets and figures
    TARGET_VIEW = "target.view"
    TARGET_CHANGE = "target.change"
    TARGET_SIGN = "target.sign"
    MEETING_VIEW = "meeting.view"  # goal meetings, and what is open of what they agreed
    MEETING_CHANGE = "meeting.change"
    MEETING_TASK_OWN = "meeting_task.own"  # what one took on in a goal meeting
    KPI_VIEW = "kpi.view"

    # Pay
    PAY_VIEW_OWN = "pay.view_own"
    PAY_VIEW = "pay.view"  # everybody's pay statement, and the workbook of them
    PAY_CHANGE = "pay.change"  # what people are paid a month, beside commission
    SCORE_CHANGE = "score.change"
    SITE_VIEW = "site.view"  # rounds and findings of the store: they hang on the wall anyway
    SITE_CHECK = "site.check"  # walk rounds, look at what was put right
    SITE_CHANGE = "site.change"  # check-lists, and who walks them when
    TRAINING_VIEW = "training.view"  # sessions, and one's own results
    TRAINING_CHANGE = "training.change"  # plan sessions, note who was there
    STAR_VIEW = "star.view"
    STAR_CHOOSE = "star.choose"  # with everybody's figures beside
    SCORECARD_VIEW = "scorecard.view"
    SCORECARD_CHANGE = "scorecard.change"
    SCORECARD_APPROVE = "scorecard.approve"
    SHEET_VIEW_OWN = "sheet.view_own"  # one's own score sheets, and the self-score
    SHEET_VIEW = "sheet.view"  # those on which one enters points; of who reviews or pays, the store's
    SHEET_ENTER = "sheet.enter"  # the points a card gives to one's role
    SHEET_REVIEW = "sheet.review"
    PLAN_VIEW = "plan.view"
    PLAN_CHANGE = "plan.change"
    PLAN_APPROVE = "plan.approve"
    PLAN_TRY = "plan.try"  # over past months, before anybody is paid by it
    RUN_VIEW = "run.view"
    RUN_COMPUTE = "run.compute"
    RUN_REVIEW = "run.review"
    RUN_APPROVE = "run.approve"
    RUN_LOCK = "run.lock"
    RUN_RETURN = "run.return"
    COEFFICIENT_VIEW = "coefficient.view"  # temporary ones: of the store for who pays, else one's own and one's team's
    COEFFICIENT_ASK = "coefficient.ask"  # for the workshop, or as its leader for one's own team
    COEFFICIENT_APPROVE = "coefficient.approve"
    DISPUTE_ANSWER = "dispute.answer"  # what people say is wrong with a line of their statement
    PAY_APPEAL_DECIDE = "pay_appeal.decide"  # as a named member of an appeal's committee
    PAY_APPEAL_NAME = "pay_appeal.name"  # further members of a committee
    ADJUSTMENT_CREATE = "adjustment.create"
    ADJUSTMENT_APPROVE = "adjustment.approve"
