"""What the groups package forgets, and when."""

from __future__ import annotations

from app.groups.contact.conversations import CONVERSATIONS, forget_conversations
from app.groups.contact.inbox import DONE_MESSAGES, forget_messages
from app.groups.interest.expiry import forget_interest
from app.groups.listings.forgetting import forget_old_contacts
from app.groups.meetings.confirmations import forget_confirmations
from app.groups.meetings.watching import UNCONFIRMED_DAYS, forget_unconfirmed, forget_unlisted
from app.groups.registration.drafts import DRAFTS, forget_drafts
from app.shared.proof import forget_proofs
from app.shared.retention import Retention

RULES = (
    Retention(
        "unconfirmed-watches",
        "meeting_watch",
        "addresses that were entered and not confirmed",
        UNCONFIRMED_DAYS,
        forget_unconfirmed,
    ),
    Retention(
        "watches-of-unlisted", "meeting_watch", "addresses at groups that are no more", 0, forget_unlisted
    ),
    Retention(
        "confirmations", "meeting_confirmation", "what was said of past meetings", 60, forget_confirmations
    ),
    Retention(CONVERSATIONS, "conversation", "conversations without a new message", 28, forget_conversations),
    Retention(
        DONE_MESSAGES,
        "house_message",
        "messages to clearing houses that are done, or answered without a further word",
        28,
        forget_messages,
    ),
    Retention("used-proofs", "used_proof", "challenges of forms that were used", 1, forget_proofs),
    Retention(DRAFTS, "registration_draft", "groups that somebody began to register", 60, forget_drafts),
    Retention(
        "contacts-in-old-versions",
        "listing_version",
        "contacts in versions of listings that were replaced",
        365,
        forget_old_contacts,
    ),
    Retention(
        "interest", "interest", "interest that was not confirmed or renewed in time", 0, forget_interest
    ),
)
