module esia-stand.example/esiastand

go 1.19
