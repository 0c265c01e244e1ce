"""Anki's own collection: `import COLLECTION FILE` prints how many notes there are and what they say, `review COLLECTION`
answers four cards, one with each grade, and prints the grades by note."""

import json
import sys

from anki.collection import Collection, ImportCsvRequest

command, path = sys.argv[1:3]
collection = Collection(path)
if command == "import":
    file = sys.argv[3]
    metadata = collection.get_csv_metadata(path=file, delimiter=None)
    log = collection.import_csv(ImportCsvRequest(path=file, metadata=metadata)).log
    notes = [collection.get_note(id) for id in collection.find_notes("")]
    print(json.dumps({
        "new": len(log.new),
        "updated": len(log.updated),
        "notes": [
            {"guid": note.guid, "type": note.note_type()["name"], "fields": note.fields, "tags": note.tags,
             "deck": collection.decks.name(note.cards()[0].did)}
            for note in notes
        ],
    }))
else:
    collection.decks.select(collection.decks.id("hotseat"))
    grades = {}
    for grade in (1, 2, 3, 4):
        card = collection.sched.getCard()
        card.start_timer()
        collection.sched.answerCard(card, grade)
        collection.sched.bury_cards([card.id])
        grades[card.note().guid] = grade
    print(json.dumps(grades))
collection.close()
