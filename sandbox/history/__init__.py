"""Make up the past of the demo's workspace: thirty days, the same for the same seed and moment.

`simulate` returns the events, and knows nothing of the bot; `handlers.demo` applies them to its database, and
`publish` puts the posts on the simulated X. How the events are made:

- Requests come as a Poisson process for each of two time zones (Berlin, New York) whose rate follows the
  local hour, the weekday and public holidays (`office.py`). Topics, languages and the numbers of followers
  (log-normal) are drawn by shares (`topics.py`, `people.py`); what is written is put together from
  `texts.toml`. A handful of people write every few days.
- One cause recurs: the app refuses a voucher. It is frequent until 13 days ago, when the app was mended, and
  rare since; it was taken up as a cause that is tracked, and set to fixed then. Another grows: more parcels
  are late in the last six days.
- Two outages, 19 and 6 days ago (`outages.toml`), have a surge of posts each, which fades once they are
  announced, and three notices.
- Two agents work in office hours of their own time zones, and one is on call at weekends and on holidays. An
  answer takes a log-normal time by topic, and waits for the next shift. It is shorter for authors with 1,000
  followers or more, and longer in Italian and Portuguese: a desk that serves the loud first.
- Most answers are the suggestion, some an edited one or free words. Some customers thank us, some write that
  it is as broken as before, some are moved to a private venue; most of those come, and some rate the chat.
- Nobody dismisses a case, as the demo would train its heads on that at once. A few requests are unanswered:
  two that were claimed and forgotten, and those of the last hours, of which three were just claimed.
"""

from sandbox.history.on_x import publish
from sandbox.history.simulation import simulate

__all__ = ["publish", "simulate"]
