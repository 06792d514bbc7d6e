// A person's browser, as far as a sign-in needs one: cookies, redirects, the form that asks for a consent.
import makeFetchCookie from "fetch-cookie";
import { parse } from "node-html-parser";
import { CookieJar } from "tough-cookie";

export class Browser {
  jar = new CookieJar();
  #fetch = makeFetchCookie(fetch, this.jar);

  /** Opens an address; follows redirects to the page at their end. */
  async open(url, options = {}) {
    const answer = await this.#fetch(url, { ...options, signal: AbortSignal.timeout(20_000) });
    const content = parse(await answer.text());
    return { url: answer.url, status: answer.status, content, text: content.text.replace(/\s+/g, " ").trim() };
  }

  /** Presses the button of a form that has this value; what is filled in already goes along. */
  async press(page, value) {
    const form = page.content.querySelectorAll("form").find((one) => one.querySelector(`button[value=${value}]`));
    if (!form) throw new Error(`no button ${value} at ${page.url}: ${page.text}`);
    const fields = new URLSearchParams();
    for (const input of form.querySelectorAll("input")) fields.append(input.getAttribute("name"), input.getAttribute("value") ?? "");
    fields.append(form.querySelector(`button[value=${value}]`).getAttribute("name"), value);
    return this.open(new URL(form.getAttribute("action") ?? page.url, page.url), { method: "POST", body: fields });
  }
}
