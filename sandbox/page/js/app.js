/** Start the page: load the workspace, lay out the panes, open the event streams. */

import { actingAs } from "./acting.js";
import { network, Slack } from "./api.js";
import { Bot } from "./bot.js";
import { Breakdown } from "./breakdown.js";
import { Desk } from "./desk.js";
import { h, memory } from "./dom.js";
import { faultsButton } from "./faults.js";
import { Guide } from "./guide.js";
import { Inbox } from "./inbox.js";
import { catchLinks, postNear } from "./links.js";
import { Mailbox } from "./mailbox.js";
import { Notices } from "./notices.js";
import { Directory } from "./people.js";
import { Phone } from "./phone.js";
import { Replay } from "./replay.js";
import { Side } from "./side.js";
import { Sidebar } from "./sidebar.js";
import { listen } from "./sse.js";
import { Tabs } from "./tabs.js";
import { keepFresh } from "./time.js";
import { Timeline } from "./timeline.js";
import { toast } from "./toast.js";

const PERSON = "switchboard-person";
const FIRST_PERSON = "U0SAM";
const byId = (id) => document.getElementById(id);

async function bootstrap(wanted) {
  const slack = new Slack(wanted);
  return [slack, new Directory(await slack.bootstrap())];
}

async function start() {
  const wanted = new URLSearchParams(location.search).get("as") ?? memory.get(PERSON) ?? FIRST_PERSON;
  const [slack, people] = await bootstrap(wanted).catch(() => bootstrap(FIRST_PERSON));
  const guide = new Guide();
  const tabs = new Tabs(byId("tabs"));
  const sidebar = new Sidebar(people, byId("sidebar"), () => tabs.show("chat"));
  const desk = new Desk({ slack, people, sidebar, tabs, guide, centre: byId("centre"), aside: byId("thread"), onMessage: (message) => timeline.box.seenInSlack(message) });
  const timeline = new Timeline((post) => {
    tabs.mark("public");
    if (post.from_brand) desk.steps.posted(post);
  }, new Breakdown(() => guide.did("break"), faultsButton(new Bot(byId("bot-state")), (name) => guide.did(name))).node);
  const side = new Side(byId("timeline"), (place) => desk.steps.looked(place, notices.announced));
  const played = () => guide.did("customer");
  const inbox = new Inbox({ onWritten: played, onNews: () => {
    tabs.mark("public");
    side.mark("inbox");
  } });
  const mailbox = new Mailbox({ onWritten: played, onNews: () => {
    tabs.mark("public");
    side.mark("mailbox");
  } });
  side.add("public", "globe", "Public", timeline.node);
  side.add("inbox", "send", "Inbox", inbox.node);
  side.add("mailbox", "mail", "Mail", mailbox.node);
  const phone = new Phone(played);
  side.add("phone", "phone", "Phone", phone.node);
  const notices = new Notices(() => {
    tabs.mark("public");
    side.mark("notices");
  });
  side.add("notices", "bell", "Status", notices.node);
  byId("acting").before(guide.again);
  byId("acting").append(actingAs(people, (id) => become(id, guide)));
  new Replay(byId("replay")).look();

  addEventListener("hashchange", () => desk.route());
  const places = { desk, timeline, tabs, side, inbox, mailbox, phone };
  catchLinks((found, anchor) => follow(found, anchor, places), (address) => {
    toast(`On X itself, ${new URL(address).pathname} would open here. Nothing in this page leaves for the real X.`);
  });
  desk.route();
  keepFresh();
  await followStreams(slack, places);
  document.body.dataset.ready = "yes";
}

/** Restart the page as another user, at the same location. */
function become(id, guide) {
  guide.did("person");
  memory.set(PERSON, id);
  location.assign(`/?as=${encodeURIComponent(id)}${location.hash}`);
}

function follow({ channel, ts, post, answer, write, phone: address }, anchor, { desk, timeline, tabs, side, inbox, mailbox, phone }) {
  if (channel) {
    if (!desk.people.channels.has(channel)) return false;
    desk.openThread(channel, ts);
    return true;
  }
  if (write) {
    tabs.show("public");
    side.show("inbox");
    inbox.become(timeline.addressee(postNear(anchor)));
    inbox.text.focus();
    return true;
  }
  if (address) {
    tabs.show("public");
    side.show("phone");
    const reader = mailbox.node.contains(anchor) ? mailbox.customer : inbox.customer;
    phone.open(address, timeline.addressee(postNear(anchor)) ?? reader);
    return true;
  }
  const known = timeline.find(post);
  if (!known) return false;
  tabs.show("public");
  side.show("public");
  if (answer) toast(`On X itself, a box would open here to answer @${known.author.username} as ${timeline.brand.name}.`);
  return timeline.show(post);
}

/**
 * Open the event streams; the header shows when one is down. Resolves when all are open and the state before
 * them has been fetched.
 */
function followStreams(slack, { desk, timeline, inbox, mailbox }) {
  const down = new Set();
  const hearing = (name, source, handlers, reload) => new Promise((resolve) => {
    listen(source, handlers, async (up, again) => {
      if (up) down.delete(name);
      else down.add(name);
      byId("link-state").hidden = down.size === 0;
      if (!up) return;
      await reload(again);
      resolve();
    });
  });
  const receive = (post) => {
    inbox.meet(post.author);
    timeline.receive(post);
  };
  const reload = async () => {
    await Promise.all([inbox.load(), timeline.load(), mailbox.load()]);
    for (const post of timeline.posts.values()) inbox.meet(post.author);
  };
  const heard = { post: receive, edited: receive, deleted: receive, dm: (message) => inbox.receive(message), "dm-open": (news) => inbox.opened(news), mail: (news) => mailbox.receive(news) };
  return Promise.all([hearing("slack", slack.events, desk.handlers, (again) => desk.reload(again)), hearing("x", network.events, heard, reload)]);
}

start().catch((error) => {
  byId("centre").replaceChildren(h("p", { class: "empty" }, `The workspace did not open: ${error.message} `, h("a", { href: "/" }, "Try again")));
});
