const heat = 80;
