// What the pages do beyond htmx. Each of them works without this file.
import { initAll } from "./govuk-frontend.min.js";

const narrow = window.matchMedia("(max-width: 48rem)");
const announcement = document.getElementById("announcement");
const trouble = document.getElementById("trouble");

function say(text) {
  announcement.textContent = text;
}

// ---- GOV.UK components, on the page and in what htmx puts into it ----

function start(scope) {
  initAll({
    scope,
    onError(error) {
      if (error.name !== "InitError") console.error(error); // InitError: it had been started before
    },
  });
}

function fold(scope) {
  if (!narrow.matches) return;
  for (const panel of scope.querySelectorAll("details[data-folds]:not([data-folded])")) {
    panel.removeAttribute("open");
    panel.setAttribute("data-folded", "");
  }
}

start(document);
fold(document);
document.addEventListener("htmx:after:process", ({ target }) => {
  if (target === document.body || !target.parentElement) return;
  start(target.parentElement);
  fold(target.parentElement);
  target.parentElement.querySelector("[data-focus]")?.focus(); // what somebody asked for
});

// ---- Links that htmx handles still open in a new tab when somebody asks for one ----

document.addEventListener(
  "click",
  (event) => {
    const asked = event.ctrlKey || event.metaKey || event.shiftKey;
    if (asked && event.target.closest("a[href]")) event.stopImmediatePropagation();
  },
  true,
);

// ---- When a part of the page could not be fetched, the page stays and says so ----

function time() {
  return new Intl.DateTimeFormat("en-GB", { hour: "numeric", minute: "2-digit", hour12: true, timeZone: "Europe/London" })
    .format(new Date())
    .replace(/\s/g, "");
}

function explain(context) {
  const reference = context?.response?.headers?.get("X-Request-Id");
  if (context?.sourceElement?.hasAttribute("data-autosave")) {
    const text = `Not saved at ${time()}. Your text is still here; it will be tried again with your next change.`;
    document.getElementById("saved").textContent = text;
    say(text);
    return;
  }
  if (context?.sourceElement?.matches("[data-refresh], #unread")) return; // nobody asked; it is tried again soon
  const often = context?.response?.status === 429;
  const wrong = often ? "There were too many requests from where you are. Wait a minute." : "Something went wrong on our side.";
  const what = context?.response ? wrong : "The marketplace could not be reached.";
  const quote = reference ? ` If you tell us about it, quote the reference ${reference}.` : "";
  trouble.textContent = `${what} This page is as it was, and what you typed is still here. Try again.${quote}`;
  trouble.hidden = false;
  trouble.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:response:error", ({ detail }) => {
  const autosave = detail.ctx.sourceElement.hasAttribute("data-autosave");
  const { status } = detail.ctx.response;
  if (autosave || status === 429 || status >= 500) explain(detail.ctx);
});
document.addEventListener("htmx:error", ({ detail }) => {
  if (detail.ctx) explain(detail.ctx);
  else console.error(detail.error);
});
document.addEventListener("htmx:after:swap", () => {
  trouble.hidden = true;
});

// ---- What is sent by hand comes after what is on its way by itself, or the older of both would be kept ----

const PATIENCE = 3_000; // milliseconds

document.addEventListener("submit", (event) => {
  const form = event.target;
  const isOnItsWay = () => form.matches("[data-autosave].htmx-request");
  if (!isOnItsWay() || form.dataset.waits) {
    delete form.dataset.waits;
    return;
  }
  event.preventDefault();
  form.dataset.waits = "true";
  const until = Date.now() + PATIENCE;
  const send = () => {
    if (isOnItsWay() && Date.now() < until) setTimeout(send, 50);
    else form.requestSubmit(event.submitter);
  };
  send();
});

// ---- Parts of a page that keep themselves fresh, only while somebody can see them ----

function refresh(parts) {
  if (document.hidden) return;
  for (const part of document.querySelectorAll(parts)) part.dispatchEvent(new Event("refresh"));
}

document.addEventListener("htmx:config:request", ({ detail }) => {
  if (detail.ctx.sourceElement.hasAttribute("data-refresh")) detail.ctx.request.headers.Unasked = "yes"; // keeps no session open
});
setInterval(() => refresh("[data-refresh]"), 30_000);
setInterval(() => refresh("[data-refresh=often]"), 5_000); // what people look at together while they talk
document.addEventListener("visibilitychange", () => refresh("[data-refresh]"));

// ---- Before a session ends because nobody uses it, the page says so and keeps what was typed ----

const ending = document.getElementById("session");
const WARNED_BEFORE = 5 * 60_000;

if (ending) {
  const tabs = new BroadcastChannel("session"); // the session is theirs, too
  let ends = Date.now() + ending.dataset.seconds * 1000;
  let waiting;

  const show = (state) => {
    for (const part of ending.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
    if (!ending.open) ending.showModal();
  };

  const wait = (state = "idle") => {
    clearTimeout(waiting);
    const left = ends - Date.now();
    if (left <= 0) {
      show("over");
      return;
    }
    const soon = left <= WARNED_BEFORE;
    if (soon) show(state);
    else ending.close();
    waiting = setTimeout(wait, soon ? left : left - WARNED_BEFORE);
  };

  const stay = async () => {
    const answer = await fetch(ending.dataset.stay).catch(() => null);
    if (!answer) {
      show("unreached");
      return;
    }
    ends = Date.now() + (answer.status === 204 ? answer.headers.get("Session-Left") * 1000 : 0);
    tabs.postMessage(ends);
    wait("final"); // what is short still cannot be made longer
  };

  for (const button of ending.querySelectorAll("[data-stays]")) button.addEventListener("click", stay);
  tabs.addEventListener("message", ({ data }) => {
    if (data <= ends) return;
    ends = data;
    wait();
  });
  document.addEventListener("visibilitychange", () => wait()); // a computer that slept
  tabs.postMessage(ends);
  wait();
}

// ---- Keys: always with Ctrl or Cmd, so that typing and speech input never meet them ----

const goTo = document.getElementById("go-to");

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  if (event.key === "k") {
    event.preventDefault();
    if (!goTo.open) goTo.showModal();
  } else if (event.key === "Enter" && event.target.form && event.target.matches("textarea")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});
