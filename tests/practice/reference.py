"""Simulated histories with the reference scheduler: one per line, each review as [grade, time, interval, state].

Times are seconds since 1970, intervals seconds until the card is due; a state of 2 is a card in review.
"""

import json
import random
import sys
from datetime import datetime, timedelta, timezone

from fsrs import Card, Rating, Scheduler

rng = random.Random(int(sys.argv[1]))
scheduler = Scheduler(enable_fuzzing=False)
for number in range(int(sys.argv[2])):
    now = datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=rng.randrange(86400))
    card = Card(card_id=number, due=now)
    history = []
    for _ in range(rng.randrange(1, 20)):
        grade = rng.choices([1, 2, 3, 4], rng.choice([[2, 2, 6, 1], [6, 2, 2, 1], [1, 1, 1, 8]]))[0]
        card, _ = scheduler.review_card(card, Rating(grade), now)
        interval = (card.due - now).total_seconds()
        history.append([grade, int(now.timestamp()), interval, int(card.state)])
        # On time, early, late, or again on the same day.
        wait = min(interval * rng.choice([1, 1, 1, 1.3, 2, 0.5, 0.1]), 40_000_000) + rng.randrange(40_000)
        now += timedelta(seconds=int(wait))
        if now.year > 9000:
            break
    print(json.dumps(history))
