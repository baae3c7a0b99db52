"""The second step of signing in: set up once, asked for every time, with codes for a lost phone."""

import re

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from articles.models import Article
from fibroblog import twostep
from tests.conftest import signed_in
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
STEP = "/admin/two-step/"
SET_UP = "/admin/two-step/set-up/"


def code(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key, t0=device.t0):06d}"


def wrong(device: TOTPDevice) -> str:
    return f"{(int(code(device)) + 500_000) % 1_000_000:06d}"


@pytest.fixture
def device(editor: User) -> TOTPDevice:
    device: TOTPDevice = TOTPDevice.objects.create(user=editor, name="app", confirmed=True)
    return device


@pytest.fixture
def desk(editor: User) -> Client:
    return signed_in(editor)


def test_without_the_setting_and_without_a_device_nobody_is_asked(desk: Client) -> None:
    assert desk.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/articles/article/add/",
        "/admin/password_change/",
        "/admin/articles/article/?q=a",
        "/admin/comments/queue/",
    ],
)
@pytest.mark.parametrize("why", ["a device", "the setting"])
def test_until_the_code_is_entered_every_page_of_the_staff_asks_for_it(
    settings: Settings, path: str, why: str
) -> None:
    user = make_staff("both", "Editors", "Moderators")
    if why == "a device":
        TOTPDevice.objects.create(user=user, confirmed=True)
    else:
        settings.STAFF_SECOND_FACTOR = True
    client = signed_in(user)
    answers = [client.get(path)]
    if "queue" not in path:  # which takes no posts
        answers.append(client.post(path, {"title": "x"}))
    for answer in answers:
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(f"{STEP}?next=%2Fadmin%2F")


def test_nothing_is_published_before_the_second_step(
    desk: Client, device: TOTPDevice, article: Article
) -> None:
    form = {"action": "unpublish_selected", "_selected_action": [article.pk]}
    assert desk.post("/admin/articles/article/", form).status_code == 302
    assert desk.get(f"/admin/articles/article/{article.pk}/preview/").status_code == 302
    assert Article.objects.visible().count() == 1


def test_one_can_always_sign_out(desk: Client, device: TOTPDevice) -> None:
    desk.post("/admin/logout/")
    assert desk.get("/admin/").headers["Location"].startswith("/admin/login/")


def test_the_right_code_opens_the_page_one_came_for(desk: Client, device: TOTPDevice) -> None:
    target = "/admin/articles/article/add/"
    asked = desk.get(target).headers["Location"]
    assert "Enter your code" in desk.get(asked).content.decode()
    spaced = f" {code(device)[:3]} {code(device)[3:]} "
    assert desk.post(asked, {"token": spaced}).headers["Location"] == target
    assert desk.get(target).status_code == 200
    assert Client().get("/admin/").status_code == 302


def test_a_code_opens_the_door_once(desk: Client, editor: User, device: TOTPDevice) -> None:
    token = code(device)
    assert desk.post(STEP, {"token": token}).status_code == 302
    second = signed_in(editor)
    response = second.post(STEP, {"token": token})
    assert response.status_code == 200
    assert "That code is not right, or it was used before." in response.content.decode()
    assert second.get("/admin/").status_code == 302


@pytest.mark.parametrize("token", ["", "000", "abcdef", "१२३४५६", "1" * 17, "\x00", "-00001"])
def test_a_wrong_code_opens_nothing(desk: Client, device: TOTPDevice, token: str) -> None:
    assert desk.post(STEP, {"token": token}).status_code == 200
    assert desk.get("/admin/").status_code == 302


def test_after_a_wrong_code_trying_is_slowed_down(
    desk: Client, device: TOTPDevice, clock: time_machine.Traveller
) -> None:
    desk.post(STEP, {"token": wrong(device)})
    assert desk.post(STEP, {"token": code(device)}).status_code == 200
    clock.shift(2)
    assert desk.post(STEP, {"token": code(device)}).status_code == 302


@pytest.mark.parametrize(
    "target", ["https://evil.test/", "//evil.test", "", "javascript:alert(1)", "nowhere"]
)
def test_nobody_is_sent_elsewhere_after_the_code(desk: Client, device: TOTPDevice, target: str) -> None:
    response = desk.post(f"{STEP}?next={target}", {"token": code(device)})
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")


def test_the_code_of_another_person_opens_nothing(device: TOTPDevice, moderator: User) -> None:
    TOTPDevice.objects.create(user=moderator, confirmed=True)
    client = signed_in(moderator)
    assert client.post(STEP, {"token": code(device)}).status_code == 200
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("path", [STEP, SET_UP])
def test_strangers_are_led_to_the_sign_in(client: Client, path: str) -> None:
    for answer in (client.get(path), client.post(path, {"token": "123456"})):
        assert answer.headers["Location"].startswith("/admin/login/")
    reader = signed_in(make_staff("reader", is_staff=False))
    assert reader.get(path).headers["Location"].startswith("/admin/login/")
    assert reader.put(path).status_code == 405
    assert not TOTPDevice.objects.exists()


def test_without_a_device_one_is_led_to_set_it_up(desk: Client) -> None:
    assert desk.get(STEP).headers["Location"] == SET_UP


def test_with_a_device_nothing_can_be_set_up_anew_from_an_unverified_session(
    desk: Client, device: TOTPDevice
) -> None:
    for answer in (desk.get(SET_UP), desk.post(SET_UP, {"token": "123456"})):
        assert answer.headers["Location"] == STEP
    assert TOTPDevice.objects.get() == device


def test_setting_up_shows_a_picture_takes_a_code_and_gives_recovery_codes_once(
    desk: Client, editor: User, settings: Settings
) -> None:
    settings.STAFF_SECOND_FACTOR = True
    shown = desk.get(SET_UP).content.decode()
    fresh = TOTPDevice.objects.get(user=editor)
    assert not fresh.confirmed
    assert "<svg" in shown
    assert "<?xml" not in shown
    assert twostep.secret_of(fresh) in shown
    assert desk.get(SET_UP).content.decode().count(twostep.secret_of(fresh)) == 1
    response = desk.post(SET_UP, {"token": code(fresh)})
    codes = re.findall(r"<li><code>([a-z0-9]+)</code>", response.content.decode())
    assert len(set(codes)) == twostep.RECOVERY_CODES
    assert response.headers["Cache-Control"] == "private, no-store"
    assert desk.get("/admin/").status_code == 200
    assert not set(codes) & set(re.findall(r"[a-z0-9]+", desk.get(STEP).content.decode()))


def test_a_wrong_first_code_switches_nothing_on(
    desk: Client, editor: User, clock: time_machine.Traveller
) -> None:
    desk.get(SET_UP)
    fresh = TOTPDevice.objects.get(user=editor)
    response = desk.post(SET_UP, {"token": wrong(fresh)})
    assert "That code is not right. Look at your app again" in response.content.decode()
    assert not TOTPDevice.objects.get().confirmed
    assert not StaticDevice.objects.exists()
    assert desk.get("/admin/").status_code == 200
    clock.shift(31)
    assert "Keep these codes" in desk.post(SET_UP, {"token": code(fresh)}).content.decode()


def test_sending_the_first_code_twice_makes_one_set_of_recovery_codes(desk: Client, editor: User) -> None:
    desk.get(SET_UP)
    token = code(TOTPDevice.objects.get(user=editor))
    desk.post(SET_UP, {"token": token})
    assert desk.post(SET_UP, {"token": token}).headers["Location"] == STEP
    assert StaticToken.objects.count() == twostep.RECOVERY_CODES


def test_a_recovery_code_opens_the_door_once_whatever_its_case(
    desk: Client, editor: User, device: TOTPDevice
) -> None:
    spare = StaticDevice.objects.create(user=editor, name="recovery codes", confirmed=True)
    StaticToken.objects.create(device=spare, token="abcdefgh")
    assert desk.post(STEP, {"token": "ABCD EFGH"}).status_code == 302
    assert desk.get("/admin/").status_code == 200
    assert not StaticToken.objects.exists()
    assert signed_in(editor).post(STEP, {"token": "abcdefgh"}).status_code == 200


def test_a_device_half_set_up_asks_nobody(desk: Client, editor: User) -> None:
    desk.get(SET_UP)
    assert desk.get("/admin/").status_code == 200


def test_signing_in_again_asks_again(desk: Client, editor: User, device: TOTPDevice) -> None:
    desk.post(STEP, {"token": code(device)})
    assert desk.get("/admin/").status_code == 200
    assert signed_in(editor).get("/admin/").status_code == 302


LOST = {"action": "take_second_step_away"}


def test_an_administrator_takes_the_second_step_of_a_lost_phone_away(
    administrator: User, desk: Client, editor: User, moderator: User, device: TOTPDevice
) -> None:
    StaticDevice.objects.create(user=editor, name="recovery codes", confirmed=True)
    other = TOTPDevice.objects.create(user=moderator, confirmed=True)
    boss = signed_in(administrator)
    form = {**LOST, "_selected_action": [editor.pk]}
    for _ in range(2):
        assert (
            "They sign in with the password alone"
            in boss.post("/admin/auth/user/", form, follow=True).content.decode()
        )
    assert list(TOTPDevice.objects.all()) == [other]
    assert not StaticDevice.objects.exists()
    assert desk.get("/admin/").status_code == 200


def test_nobody_else_takes_a_second_step_away(desk: Client, moderator: User) -> None:
    device = TOTPDevice.objects.create(user=moderator, confirmed=True)
    form = {**LOST, "_selected_action": [moderator.pk]}
    assert desk.post("/admin/auth/user/", form).status_code == 403
    assert Client().post("/admin/auth/user/", form).status_code == 302
    assert list(TOTPDevice.objects.all()) == [device]
