a = 1
# --8<-- [start:middle]
b = 2
# --8<-- [end:middle]
c = 3
