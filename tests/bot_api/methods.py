"""The methods of the Bot API that the bot may call, each under its own name."""
# ruff: noqa: N802  the methods bear the Bot API's names

import time
from typing import Any

from tests.bot_api.chats import ME, Chats, quoted
from tests.bot_api.faults import Fault, Json
from tests.bot_api.limits import Refused, check_markup, check_results, check_text, check_toast
from tests.bot_api.queries import Queries
from tests.bot_api.updates import Updates

_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
_FILE_BYTES = 20_000_000
_KEPT = ("text", "entities", "reply_markup", "caption", "document")


class Methods:
    """Each takes the parameters and returns the result; raises Refused. ``getUpdates`` is the server's."""

    def __init__(self, chats: Chats, queries: Queries, updates: Updates) -> None:
        self._chats, self._queries, self._updates = chats, queries, updates
        self.files: dict[str, tuple[str, bytes]] = {}
        """Name and content, by the id under which the bot may fetch them."""
        self.settings: dict[tuple[str, str, str], Any] = {}
        """What was set, by kind, scope and language: commands, descriptions."""

    def getMe(self, _: Json) -> Json:
        abilities = ("can_join_groups", "supports_inline_queries", "supports_guest_queries")
        return ME | dict.fromkeys(abilities, True) | {"can_read_all_group_messages": False}

    # Where updates go

    def setWebhook(self, data: Json) -> bool:
        if not str(data.get("url", "")).startswith(("https://", "http://127.0.0.1")):
            raise Refused("bad webhook: An HTTPS URL must be provided for webhook")
        self._updates.allowed = data.get("allowed_updates", self._updates.allowed)
        self._updates.hook(data)
        return True

    def deleteWebhook(self, data: Json) -> bool:
        self._updates.hook({"drop_pending_updates": data.get("drop_pending_updates", False)})
        return True

    def getWebhookInfo(self, _: Json) -> Json:
        webhook, status = self._updates.webhook, self._updates.last_status
        allowed = {"allowed_updates": self._updates.allowed} if self._updates.allowed else {}
        failed = {"last_error_date": int(time.time()), "last_error_message": f"Wrong response: {status}"}
        return (
            {
                "url": webhook.get("url", ""),
                "has_custom_certificate": False,
                "pending_update_count": self._updates.pending,
            }
            | allowed
            | (failed if webhook.get("url") and status not in {None, 200} else {})
        )

    # Messages

    def sendMessage(self, data: Json) -> Json:
        check_text(data)
        return self._send(data)

    def sendDocument(self, data: Json) -> Json:
        sent = data["document"]
        if not isinstance(sent, dict):
            raise Refused("wrong file identifier/HTTP URL specified")
        name = f"document-{len(self.files)}"
        self.files[name] = (sent["file_name"], sent["content"])
        document = {"file_id": name, "file_unique_id": name, "file_name": sent["file_name"]}
        return self._send(data | {"document": document})

    def _send(self, data: Json) -> Json:
        check_markup(data)
        chat = self._open(data)
        reply = data.get("reply_parameters") or {}
        replied = self._chats.find(reply.get("chat_id", chat), reply["message_id"]) if reply else None
        if reply and replied is None and not reply.get("allow_sending_without_reply"):
            raise Refused("message to be replied not found")
        thread = data.get("message_thread_id") or (replied or {}).get("message_thread_id")
        if data.get("message_thread_id") and thread not in self._chats.topics[chat]:
            raise Refused("message thread not found")
        fields = {name: data[name] for name in _KEPT if data.get(name)}
        below = {"reply_to_message": quoted(replied)} if replied else {}
        topic = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
        return self._chats.add(chat, ME, **fields, **below, **topic)

    def editMessageText(self, data: Json) -> Json | bool:
        check_text(data)
        check_markup(data)
        wanted = {name: data.get(name) for name in ("text", "entities", "reply_markup")}
        return self._edit(data, wanted)

    def editMessageReplyMarkup(self, data: Json) -> Json | bool:
        check_markup(data)
        return self._edit(data, {"reply_markup": data.get("reply_markup")})

    def _edit(self, data: Json, wanted: Json) -> Json | bool:
        if "inline_message_id" in data:
            return True
        message = self._mine(data, "edit")
        if all((message.get(name) or None) == (value or None) for name, value in wanted.items()):
            raise Refused(_SAME)
        edited = message | wanted | {"edit_date": int(time.time())}
        return self._chats.replace({name: value for name, value in edited.items() if value})

    def deleteMessage(self, data: Json) -> bool:
        self._mine(data, "delete")
        self._chats.delete(data["chat_id"], data["message_id"])
        return True

    def setMessageReaction(self, data: Json) -> bool:
        if self._chats.find(self._open(data), data["message_id"]) is None:
            raise Refused("message to react not found")
        return True

    def sendChatAction(self, data: Json) -> bool:
        self._open(data)
        return True

    def _mine(self, data: Json, to: str) -> Json:
        message = self._chats.find(self._open(data), data["message_id"])
        if message is None:
            raise Refused(f"message to {to} not found")
        if (message.get("from") or {}).get("id") != ME["id"]:
            raise Refused(f"message can't be {'edited' if to == 'edit' else 'deleted'}")
        return message

    def _open(self, data: Json) -> int:
        chat = data["chat_id"]
        if not isinstance(chat, int):
            raise Refused("chat not found")
        if refusal := self._chats.refusals.get(chat):
            raise Refused(refusal)
        return chat

    # Answers that are no messages

    def answerCallbackQuery(self, data: Json) -> bool:
        check_toast(data)
        self._queries.answer("press", str(data["callback_query_id"]), data)
        return True

    def answerInlineQuery(self, data: Json) -> bool:
        check_results(data["results"])
        self._queries.answer("inline", str(data["inline_query_id"]), data)
        return True

    def answerGuestQuery(self, data: Json) -> Json:
        check_results([data["result"]])
        self._queries.answer("guest", str(data["guest_query_id"]), data)
        return {"inline_message_id": f"guest-{data['guest_query_id']}"}

    # Files, chats, what the bot shows of itself

    def getFile(self, data: Json) -> Json:
        known = str(data["file_id"])
        if known not in self.files:
            raise Refused("wrong file_id or the file is temporarily unavailable")
        size = len(self.files[known][1])
        if size > _FILE_BYTES:
            raise Refused("file is too big")
        path = f"documents/{known}"
        return {"file_id": known, "file_unique_id": known, "file_size": size, "file_path": path}

    def getChat(self, data: Json) -> Json:
        place = self._chats.place(self._open(data))
        return place | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS}

    def getChatMember(self, data: Json) -> Json:
        chat, user = self._open(data), data["user_id"]
        status = self._chats.members.get((chat, user), "member")
        who = ME if user == ME["id"] else {"id": user, "is_bot": False, "first_name": f"Person {user}"}
        return {"status": status, "user": who} | (_ADMINISTRATOR if status == "administrator" else {})

    def leaveChat(self, data: Json) -> bool:
        self._chats.refusals[self._open(data)] = Fault(
            403, "Forbidden: bot is not a member of the group chat"
        )
        return True

    def setMyCommands(self, data: Json) -> bool:
        return self._set("commands", data, data["commands"])

    def deleteMyCommands(self, data: Json) -> bool:
        return self._set("commands", data, [])

    def getMyCommands(self, data: Json) -> Any:
        return self.settings.get(_key("commands", data), [])

    def setMyDescription(self, data: Json) -> bool:
        return self._set("description", data, data.get("description", ""))

    def setMyShortDescription(self, data: Json) -> bool:
        return self._set("short description", data, data.get("short_description", ""))

    def _set(self, kind: str, data: Json, value: Any) -> bool:
        self.settings[_key(kind, data)] = value
        return True


_NO_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
    False,
)
_ADMINISTRATOR = dict.fromkeys(
    (
        "can_be_edited",
        "is_anonymous",
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
    ),
    False,
)


def _key(kind: str, data: Json) -> tuple[str, str, str]:
    return kind, str((data.get("scope") or {}).get("type", "default")), str(data.get("language_code", ""))
