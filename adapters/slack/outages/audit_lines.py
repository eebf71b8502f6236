"""Word audit entries about outages, their notices and the pause of all sending."""

from domain.records.audit import Action

TEXTS = {
    Action.REHEARSAL_ENDED: "The rehearsal ended",
    Action.NOTICE_SENT: "✓ The notice arrived",
    Action.NOTICE_FAILED: "✗ The notice was not sent",
    Action.NOTICE_UNSURE: "❓ Not sure that the notice was sent",
    Action.NOTICE_RETRACTION_FAILED: "✗ The notice could not be deleted",
}
TEXTS_WITH_ACTOR = {
    Action.OUTAGE_OPENED: "{who} opened an outage",
    Action.OUTAGE_CHANGED: "{who} changed the outage",
    Action.OUTAGE_CANCELLED: "{who} cancelled the outage",
    Action.OUTAGE_LED: "{who} handed over the lead",
    Action.NOTICE_DRAFTED: "{who} drafted a notice",
    Action.NOTICE_EDITED: "{who} changed the notice",
    Action.NOTICE_SUBMITTED: "{who} asked for approval of the notice",
    Action.NOTICE_APPROVED: "{who} approved the notice, and it was sent",
    Action.NOTICE_WITHDRAWN: "{who} withdrew the notice",
    Action.NOTICE_TAKEN_BACK: "{who} took back what of the notice was not sent",
    Action.NOTICE_RETRIED: "{who} had the notice sent again",
    Action.NOTICE_SETTLED_BY_PERSON: "{who} said whether the notice is there",
    Action.NOTICE_RETRACTED: "{who} had the notice deleted",
    Action.OUTAGE_LINKED: "🔗 {who} linked the case to an outage",
    Action.OUTAGE_UNLINKED: "{who} undid the link to an outage",
    Action.BULK_ANSWER_STARTED: "{who} began to answer linked cases",
    Action.BULK_ANSWER_ABORTED: "{who} stopped answering linked cases",
    Action.SUBSCRIBERS_IMPORTED: "{who} imported subscribers of the e-mail list",
    Action.REHEARSAL_STARTED: "{who} started a rehearsal",
    Action.REHEARSAL_STOPPED: "{who} stopped the rehearsal",
    Action.SENDING_PAUSED: "⏸ {who} paused all sending",
    Action.SENDING_RESUMED: "{who} resumed sending",
}
