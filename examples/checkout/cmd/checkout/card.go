package main

import (
	"errors"
	"strings"

	"checkout/faults"
	"checkout/truth"
)

// hotTurns keep a CPU busy for some milliseconds.
const hotTurns = 200_000

var (
	cardTruth = truth.Of("main.validateCard")
	luhnTruth = truth.Of("main.luhn")
)

// validateCard panics for a card that begins with 0000, as code with a mistake does.
//
//go:noinline
func validateCard(user, card string) error {
	defer cardTruth.Exit(cardTruth.Enter())
	if user == "" {
		return errors.New("no user")
	}
	if strings.HasPrefix(card, "0000") {
		panic("corrupt card of " + user)
	}
	if !luhn(card) {
		return errors.New("card number is mistyped")
	}
	return nil
}

// luhn is the check sum of card numbers.
//
//go:noinline
func luhn(card string) bool {
	defer luhnTruth.Exit(luhnTruth.Enter())
	turns := 1
	if faults.HotLoop.On() {
		turns = hotTurns
	}
	valid := false
	for range turns {
		valid = checkSum(card)%10 == 0
	}
	return valid
}

func checkSum(card string) int {
	sum := 0
	for i := len(card) - 1; i >= 0; i-- {
		digit := int(card[i] - '0')
		if (len(card)-i)%2 == 0 {
			digit = digit/5 + digit*2%10
		}
		sum += digit
	}
	return sum
}
