"""Browsers are signed in: Chromium through Playwright, synchronous and not, and through Selenium."""

import shutil
from typing import Any

import pytest
from playwright.async_api import async_playwright
from playwright.sync_api import sync_playwright
from selenium import webdriver

from pytest_esia_stand import World

CHROMIUM = shutil.which("chromium") or "chromium"
DRIVER = shutil.which("chromedriver") or "chromedriver"
#: As root, in a container, without a screen.
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
LAUNCHED: dict[str, Any] = {"executable_path": CHROMIUM, "args": OPTIONS}


def test_playwright_is_signed_in(world: World) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCHED)
        context = browser.new_context()
        page = context.new_page()
        anna = world.person("анна")
        anna.sign_in(page)
        page.goto(f"{world.url}/lk")
        assert "Петрова Анна" in page.inner_text("body")
        anna.sign_in(page, at="diary", page="/diary")
        assert page.url.startswith(f"{world.diary.url}/diary")
        with pytest.raises(TypeError, match="give sign_in the page"):
            anna.sign_in(context, page="/lk")
        browser.close()


@pytest.mark.asyncio
async def test_asynchronous_playwright_is_signed_in(world: World) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**LAUNCHED)
        page = await browser.new_page()
        with pytest.raises(TypeError, match=r"await person\.sign_in_async"):
            world.person("анна").sign_in(page)
        await world.person("анна").sign_in_async(page.context)
        await page.goto(f"{world.url}/lk")
        assert "Петрова Анна" in await page.inner_text("body")
        await world.person("маша").sign_in_async(page, page="/lk/family")
        assert page.url == f"{world.url}/lk/family"
        await browser.close()


def test_selenium_is_signed_in(world: World) -> None:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for option in ["--headless=new", *OPTIONS]:
        options.add_argument(option)
    with webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER)) as driver:
        world.person("анна").sign_in(driver, page="/lk/family")
        assert driver.current_url == f"{world.url}/lk/family"
        driver.get(f"{world.url}/lk")
        assert "Петрова Анна" in driver.page_source
