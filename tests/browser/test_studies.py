"""An editor keeps studies without a script: everything is entered in rows that stand ready."""

import pytest
from playwright.sync_api import Page, expect

from .people import People
from .steps import new_words

pytestmark = pytest.mark.look

# Fields that are cut off by the frame of their row.
CUT_OFF = """() => [...document.querySelectorAll("form .form-row :is(input, select, textarea)")]
  .filter((e) => e.checkVisibility() &&
    e.getBoundingClientRect().right > e.closest(".form-row").getBoundingClientRect().right)
  .map((e) => e.name)"""


def save(page: Page, name: str = "Save and continue editing") -> None:
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_a_study_with_its_numbers_is_entered_without_a_script(people: People) -> None:
    title = f"Warm baths for {new_words().name}"
    page = people.staff("editor", scripts=False)
    page.goto("/admin/articles/study/add/")
    page.get_by_label("Title:").fill(title)
    page.locator("#id_design").select_option("before_after")
    page.locator("#id_arms-0-name").fill("Warm baths")
    page.locator("#id_times-0-label").fill("after 4 weeks")
    page.locator("#id_outcomes-0-name").fill("Pain")
    page.locator("#id_outcomes-0-better").select_option("lower")
    save(page)
    assert [page.locator(f"#id_{part}-INITIAL_FORMS").input_value() for part in ("arms", "times", "outcomes")] == [
        "1", "1", "1",
    ], "one of each is stored, and none of the blank rows"  # fmt: skip

    page.locator("#outcomes-group").get_by_role("link", name="Change").click()
    page.locator("#id_results-0-time").select_option("after 4 weeks")
    page.locator("#id_results-0-arm").select_option("Warm baths")
    page.locator("#id_results-0-estimate").fill("0.50")
    save(page)
    expect(page.locator("#id_results-0-estimate")).to_have_value("0.50")
    expect(page.locator("#id_results-INITIAL_FORMS")).to_have_value("1")


def test_a_post_weighs_a_study_without_a_script(people: People) -> None:
    title = f"Slow walks for {new_words().name}"
    page = people.staff("editor", scripts=False)
    page.goto("/admin/articles/study/add/")
    page.get_by_label("Title:").fill(title)
    page.locator("#id_design").select_option("survey")
    save(page)
    page.goto("/admin/articles/article/add/")
    page.get_by_label("Title:").fill(f"{title}?")
    page.locator("#id_slug").fill(f"walks-{new_words().name.split()[-1]}")
    page.locator("#id_weighings-0-study").select_option(title)
    save(page)
    expect(page.locator("#id_weighings-INITIAL_FORMS")).to_have_value("1")


def test_with_a_script_one_more_row_is_a_press_away(people: People) -> None:
    page = people.staff("editor")
    page.goto("/admin/articles/study/add/")
    expect(page.locator("#id_times-3-label")).to_have_count(0)
    page.get_by_role("button", name="Add another Time point").click()
    expect(page.locator("#id_times-3-label")).to_be_visible()


@pytest.mark.parametrize("width", [320, 375, 700])
def test_no_field_is_cut_off_on_a_phone(people: People, width: int) -> None:
    page = people.staff("editor", width=width)
    page.goto("/admin/articles/study/add/")
    expect(page.locator("#id_times-0-label")).to_be_visible()
    assert page.evaluate(CUT_OFF) == []
