module steady

go 1.18
