"""Groups, topics, meetings, and what the finder's index keeps of them."""

from app.groups.models.contact import Conversation, HouseMessage, HouseMessageText
from app.groups.models.finder import FinderEntry, FinderState
from app.groups.models.followed import (
    MeetingAttendance,
    MeetingConfirmation,
    MeetingTold,
    MeetingWatch,
)
from app.groups.models.groups import Group, GroupTopic
from app.groups.models.interest import Founding, FoundingInvitation, FoundingStep, Interest
from app.groups.models.meetings import Closure, MeetingChange, MeetingPlace, MeetingSeries
from app.groups.models.registration import RegistrationDraft
from app.groups.models.topics import DiseaseArea, Topic, TopicArea
from app.groups.models.upkeep import GroupAbsence
from app.groups.models.versions import ListingVersion

__all__ = [
    "Closure",
    "Conversation",
    "DiseaseArea",
    "FinderEntry",
    "FinderState",
    "Founding",
    "FoundingInvitation",
    "FoundingStep",
    "Group",
    "GroupAbsence",
    "GroupTopic",
    "HouseMessage",
    "HouseMessageText",
    "Interest",
    "ListingVersion",
    "MeetingAttendance",
    "MeetingChange",
    "MeetingConfirmation",
    "MeetingPlace",
    "MeetingSeries",
    "MeetingTold",
    "MeetingWatch",
    "RegistrationDraft",
    "Topic",
    "TopicArea",
]
