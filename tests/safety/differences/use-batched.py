# The batches are tuples.
def embed_all(texts, size):
    for i in range(0, len(texts), size):
        batch = texts[i:i + size]
        print(batch)

embed_all([1, 2, 3], 2)
