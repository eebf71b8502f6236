"""List the permission that each listener of the Slack app is to ask for, by what Bolt finds it by.

A new listener is added here, under the permission that whoever uses it needs: `test_roles.py` compares this
list with what is registered. An empty id is the listener of whatever has none of its own.
"""

from collections.abc import Mapping

from domain.access import Permission

PERMISSIONS: Mapping[Permission, str] = {
    Permission.SEE_CASES: """
        action: cause.waiting issue.waiting case.more case.details case.open_post home.filter report.team_refresh home.blur_abuse
            report.explain
    """,
    Permission.SEE_CONTACT_DATA: """
        action: case.show_contacts case.show_files
    """,
    Permission.WORK_ON_CASES: """
        action: cause.of_case case.claim case.move_card case.release case.reopen case.resolve reply.try_again
            reply.was_sent reply.was_not_sent reply.repeat reply.leave reply.cancel case.answer reply.edit answer.text answer.alternative
            answer.article case.move move.venue move.address move.text case.verify private.text
            message.original rewrite.shorter rewrite.warmer rewrite.formal rewrite.ask_details
            rewrite.translate rewrite.undo case.translate case.summarise case.read_pictures flood.pull
            flood.urgent case.correct case.spam taught.learn taught.take_back taught.newer taught.older case.tags
            case.note promise.kept promise.withdraw promise.move unproven.it_is_them unproven.it_is_not
            unproven.show case.save_reply replies.previous replies.next replies.back replies.new
            replies.menu saved.language proposal.dismiss proposal.save spike.dismiss spike.restore home.away home.back
            outage.link outage.unlink outage.link_to issue.create issue.as_written issue.link issue.unlink
            issue.retry line.correction *
        view: causes_of_case answer move private verify snooze take_over release correction tags note
            promise saved_replies saved_reply outage_link_to issue_create issue_link
        view_closed: answer move private
        view_submission: *
    """,
    Permission.ASSIGN_CASES: """
        action: assign.to case.take_over
        view: assign
    """,
    Permission.REASSIGN_CASES: """
        action: case.return_to_queue
    """,
    Permission.FORGET_TAUGHT: """
        action: taught.forget
    """,
    Permission.SEE_REPORTS: """
        action: report.chart report.digest_preview report.digest_send cause.track cause.edit
        view: cause_form
        action: report.share report.table report.outlook_table report.outlook_explain
            report.ledger_table issue.of_cause issue.as_written_of_cause issue.link_cause issue.unlink_cause issue.retry_of_cause
        view: issue_create_of_cause issue_link_of_cause
    """,
    Permission.KEEP_RECORDS: """
        action: audit.older case.hold case.release_hold
        view: hold release_hold
    """,
    Permission.WORK_ON_OUTAGES: """
        action: spike.known_outage outage.try_again outage.is_there
            outage.is_not_there outage.send_again outage.go_on outage.take_back
            outage.more outage.show_board outage.review
            outage.withdraw outage.pick outage.edit outage.text outage.save_draft
            outage.proposed outage.linked outage.all_shown outage.all_listed outage.none_shown outage.page
            outage.previous_page outage.answer_linked outage.tell_solved outage.preview_answers
            outage.stop_answers outage.results outage.results_page outage.results_back
        view: spike_outage outage_review outage_preview outage_proposed outage_linked outage_link_preview outage_answers
            outage_rehearse
        command: /outage
        shortcut: outage_open outage_report
    """,
    Permission.DRAFT_NOTICES: """
        action: spike.open_outage outage.update outage.resolve outage.reopen outage.open outage.report
            outage.add_language outage.translate outage.back
        view: outage_form outage_lead outage_correct
    """,
    Permission.ANNOUNCE_NOTICES: """
        view: outage_retract
    """,
    Permission.PAUSE_SENDING: """
        action: outage.pause outage.resume
        view: outage_pause
    """,
}
