// The page under 5,000 steps: its long tasks (over 50 ms, as the browser's own observer counts them) beside a floor, a bare
// list that draws as many lines at once. Prints one line: LONGEST TOTAL FLOOR, in milliseconds.
import {makeMail, zone} from '../browser/support/mail.js';
import {launch, openInbox, results} from '../browser/support/page.js';
import {MailassayServer} from '../browser/support/server.js';
import {SmtpClient} from '../browser/support/smtp.js';

const STEPS = 5000;

// From before the page's own scripts: notes each long task.
const observe = () => {
  globalThis.longTasks = [];
  new PerformanceObserver((list) => globalThis.longTasks.push(...list.getEntries().map(({duration}) => duration)))
      .observe({type: 'longtask', buffered: true});
};
const tasksOf = (page) => page.evaluate(() => new Promise((done) => setTimeout(() => done(globalThis.longTasks), 200)));

async function floor(browser) {
  const page = await browser.newPage();
  await page.addInitScript(observe);
  await page.goto('about:blank');
  await page.evaluate((count) => {
    const list = document.body.appendChild(document.createElement('ol'));
    const began = performance.now();
    for (let line = 0; line < count; line += 1) list.appendChild(document.createElement('li')).textContent = `250 2.0.0 OK ${line}`;
    list.getBoundingClientRect();  // and laid out
    globalThis.drawn = performance.now() - began;
  }, STEPS);
  return page.evaluate(() => globalThis.drawn);
}

async function story(browser, server) {
  const page = await browser.newPage();
  await page.addInitScript(observe);
  const address = await openInbox(page, server);
  const client = await SmtpClient.open(server);
  await client.address(address);
  await client.repeat('NOOP', STEPS / 2, 250);
  await client.data(makeMail());
  await client.quit();
  await results(page);
  return tasksOf(page);
}

const [server, browser] = await Promise.all([MailassayServer.start(zone()), launch()]);
try {
  const drawn = await floor(browser);
  const tasks = await story(browser, server);
  console.log([Math.max(0, ...tasks), tasks.reduce((sum, task) => sum + task, 0), drawn].map((ms) => ms.toFixed(1)).join(' '));
} finally {
  await browser.close();
  await server.remove();
}
