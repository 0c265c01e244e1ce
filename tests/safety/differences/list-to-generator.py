# The work is done when the result is gone through.
def load_rows(lines):
    rows = []
    for line in lines:
        print("row", line)
        row = line.strip()
        if row:
            rows.append(row)
    return rows

for row in load_rows(["a", "b"]):
    print(row)
