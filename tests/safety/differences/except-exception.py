# Exits get through.
def work():
    try:
        raise SystemExit(3)
    except:
        print("nothing gets through")

work()
