"""Columns and tables in which no mark is planted, each with the reason why not."""

from __future__ import annotations

NOT_PLANTED: dict[str, dict[str, str]] = {
    "group": {
        "audiences access languages format status state disclosure contact_way": "words of the program",
    },
    "group_absence": {"reason": "words of the program"},
    "meeting_place": {"point_quality": "words of the program"},
    "meeting_series": {
        "uid": "a random number",
        "frequency weekdays ordinals month_days dates zone format": "when a group meets is what it tells",
    },
    "meeting_change": {"kind": "words of the program"},
    "meeting_told": {"told": "moments and words of the program, made from what everybody may know"},
    "meeting_watch": {"language": "words of the program"},
    "listing_version": {"state changes unmet": "words of the program"},
    "conversation": {"language last_mail_to": "words of the program"},
    "house_message": {"kind reason language state": "words of the program"},
    "house_message_text": {"author": "words of the program"},
    "interest": {
        "district_ags": "which house is responsible follows from it",
        "language consent_version consent_purpose consent_way": "words of the program",
    },
    "founding": {"district_ags state": "words of the program"},
    "founding_step": {"step": "words of the program"},
    "founding_invitation": {"answer": "words of the program"},
    "registration_draft": {"key_hash": "a digest"},
    "room_request": {"state": "words of the program"},
    "room_booking": {"state": "words of the program"},
    "grant_application": {
        "state number": "numbers and words of the program",
        "assessment": "words of the program and names of sources",
        "account_mark": "a digest",
    },
    "application_signature": {"language": "words of the program", "mark": "a digest"},
    "application_paper": {
        "kind content_type": "words of the program",
        "mark": "a digest",
        "body": "a file, which whoever may read its name can download",
    },
    "project_request": {
        "state number": "numbers and words of the program",
        "assessment": "words of the program and names of sources",
    },
    "project_share": {"verdict parts": "words of the program and sums"},
    "project_act": {"act": "words of the program"},
    "project_proof": {"state": "words of the program"},
    "direct_notice": {
        "key kind number state_ags facts sha256 body": "a letter, never changed; tests/pages tries who may read it"
    },
    "conflict_of_interest": {"why": "words of the program"},
    "application_check": {"seen": "a digest", "kind": "words of the program"},
    "change_request": {"seen": "a digest", "fields ended_as": "words of the program"},
    "sitting_decision": {
        "outcome reason": "words of the program",
        "words": "never changed; tests/pages tries who may read it",
    },
    "notice": {"kind number sha256 facts body": "a letter, never changed; tests/pages tries who may read it"},
    "notice_way": {"wording address": "for letters, never changed; who may read its pages is tried by role"},
    "reclaim_letter": {"facts sha256 body": "a letter, never changed; tests/pages tries who may read it"},
    "use_proof": {"kind state": "words of the program"},
    "use_proof_item": {"kind": "words of the program"},
    "use_proof_receipt": {
        "content_type": "words of the program",
        "mark": "a digest",
        "body": "a file, which whoever may read its name can download",
    },
    "use_proof_act": {"act": "words of the program"},
    "user": {"language password_hash totp_secret": "words of the program; not readable as they are kept"},
    "payment": {"award_key end_to_end_id state bank_reason purpose iban": "numbers and words of the program"},
    "payee_account": {"iban": "a number, which stands beside the holder"},
    "address_change": {"old_key_hash new_key_hash": "digests"},
    "invitation": {"role state_ags": "words of the program", "key_hash": "a digest"},
    "role_grant": {"role state_ags": "words of the program"},
}
"""Table → columns → why no mark stands there."""

NOT_OF_GROUPS: dict[str, str] = {
    "clearinghouse clearinghouse_branch clearinghouse_catchment clearinghouse_hour": "public, as the house wants it",
    "state district postcode town school_holiday": "geography",
    "disease_area topic topic_area": "the list of topics",
    "finder_entry finder_state": "made from what is disclosed; searching is tried instead",
    "geocoded_address": "addresses without a group, answered by a public directory",
    "history_entry": "looked through itself: nothing typed by people stands in it",
    "history_seal job_run": "the program's own",
    "funding_region funding_region_district region_settings organisation level_shares levy_rate": "of regions",
    "grant_round grant_request allocation_run allocation_input allocation_line allocation_act": "sums",
    "notice_office notice_order notice_act notice_held notice_objection": "an office; moments; characters; addresses",
    "direct_notice_act": "moments, and addresses as in the letters",
    "sitting sitting_item sitting_run sitting_presence sitting_comment sitting_minutes": "meetings of offices",
    "institution_request institution_act institution_proof": "of houses and organisations: sums, counts, their words",
    "insured_count": "how many people are insured where",
    "insurer ledger_account ledger_entry ledger_line budget": "sums and words of the program; groups by number only",
    "mailed_link recovery_code used_proof user_session": "keys, kept as digests",
    "outbox_mail": "looked through itself",
    "payment_batch region_account bank_line": "accounts of regions, sums and words of the program and of banks",
    "project_terms": "what an insurer says to all groups",
    "reclaim reclaim_plan reclaim_instalment reclaim_interest": "sums and words of the program; groups by number only",
    "reclaim_waiver": "sums, and why: written by the office for the office",
    "room room_photo": "rooms of a house, which shows those that are public",
}
"""Tables that hold nothing of a group that may hide something."""
