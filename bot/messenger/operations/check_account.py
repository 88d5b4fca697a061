"""What Telegram says of the bot: its token, its webhook, its rights, and those whom the settings name."""

from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

from telegram import Bot, User, WebhookInfo
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from bot.messenger.operations.findings import Finding, note, ok, wrong
from bot.messenger.options import Options

_MANY = 100  # updates that wait


async def account(token: str, api_url: str, options: Options, webhook: str) -> AsyncIterator[Finding]:
    """``webhook`` is the address that is wanted, empty for polling."""
    host, address = urlsplit(api_url).hostname or api_url, api_url.rstrip("/")
    try:
        async with Bot(token, f"{address}/bot", f"{address}/file/bot") as bot:
            yield ok(f"the token is that of @{bot.username}")
            for finding in (*_rights(bot.bot), *_hook(await bot.get_webhook_info(), webhook)):
                yield finding
            async for finding in _people(bot, options):
                yield finding
    except InvalidToken:
        yield wrong("Telegram refused the token: set ONRECORD_TELEGRAM_TOKEN to the one @BotFather gave you")
    except TelegramError as error:
        yield wrong(f"Telegram at {host} cannot be reached ({type(error).__name__}): check the network")


def _rights(me: User) -> Iterator[Finding]:
    if not me.can_join_groups:
        yield note("it cannot be added to groups: @BotFather, /setjoingroups, Enable")
    if me.can_read_all_group_messages:
        yield ok(
            "privacy mode is off: in groups it can be mentioned, and passes over what is not meant for it"
        )
    else:
        yield note(
            "privacy mode is on: in groups /ask and replies reach it, mentions do not; to have them: @BotFather, "
            "/setprivacy, Disable, then add it to each group again"
        )
    for on, name, how in (
        (me.supports_inline_queries, "inline mode", "/setinline"),
        (me.supports_guest_queries, "guest mode", "/mybots, Bot Settings, Guest Mode"),
    ):
        yield ok(f"{name} is on") if on else note(f"{name} is off: @BotFather, {how}")


def _hook(info: WebhookInfo, wanted: str) -> Iterator[Finding]:
    set_at = urlsplit(info.url).hostname
    if info.url and not wanted:
        yield note(f"a webhook is set, at {set_at}: the bot takes it away as it starts to poll")
    elif wanted and info.url != wanted:
        yield note(
            f"Telegram knows {'another' if info.url else 'no'} webhook: the bot sets its own as it starts"
        )
    else:
        yield ok("the webhook is set" if wanted else "no webhook is set, as polling needs it")
    if info.last_error_message and info.last_error_date:
        when = f"{info.last_error_date:%Y-%m-%d %H:%M} UTC"
        yield note(f'Telegram last failed to post at {when}, "{info.last_error_message}": see to the address')
    waiting = info.pending_update_count
    yield (note if waiting > _MANY else ok)(f"{waiting} updates wait at Telegram")


async def _people(bot: Bot, options: Options) -> AsyncIterator[Finding]:
    if not options.admins:
        yield note("no administrators: nobody can add articles or rebuild from Telegram (telegram.admins)")
    for number in sorted(options.admins | options.users):
        if number <= 0:
            yield wrong(
                f"{number} is no person's number: those are above zero (telegram.admins, telegram.users)"
            )
    for number in sorted(number for number in options.admins if number > 0):
        try:
            await bot.get_chat(number)
        except (BadRequest, Forbidden):
            yield note(
                f"administrator {number} cannot be written to: they must write /start to the bot first"
            )
        else:
            yield ok(f"administrator {number} is known")
    for number in sorted(options.groups):
        yield await _group(bot, number)


async def _group(bot: Bot, number: int) -> Finding:
    mend = "add the bot to it, or take the number out of telegram.groups"
    if number >= 0:
        return wrong(f"{number} is no group's number: those are below zero (telegram.groups)")
    try:
        await bot.get_chat(number)
        member = await bot.get_chat_member(number, bot.id)
    except (BadRequest, Forbidden):
        return wrong(f"group {number} cannot be reached: {mend}")
    if member.status in {"left", "kicked"}:
        return wrong(f"the bot is no member of group {number}: {mend}")
    return ok(f"the bot is a member of group {number}")
