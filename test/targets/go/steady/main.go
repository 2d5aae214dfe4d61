// Steady counts its own calls, so that a debugger's numbers can be compared with the truth.
//
// It reads a command a line (`run WORK COUNT GOROUTINES`, `time COUNT`, `truth`, `reset`, `churn on|off`) and answers each with a line
// of JSON; it ends when its input does. Every probed function is kept out of the inliner and counts itself.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
)

func main() {
	answer(map[string]interface{}{"ready": true, "pid": os.Getpid()})
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		answer(obey(strings.Fields(lines.Text())))
	}
}

func obey(words []string) map[string]interface{} {
	switch {
	case len(words) == 4 && words[0] == "run":
		return run(words[1], number(words[2]), number(words[3]))
	case len(words) == 2 && words[0] == "time":
		return map[string]interface{}{"ns": timeFramed(number(words[1]))}
	case len(words) == 1 && words[0] == "truth":
		return truth()
	case len(words) == 1 && words[0] == "reset":
		reset()
		return map[string]interface{}{"reset": true}
	case len(words) == 2 && words[0] == "churn":
		churn(words[1] == "on")
		return map[string]interface{}{"churn": words[1]}
	}
	return map[string]interface{}{"error": fmt.Sprintf("unknown command %q", words)}
}

func number(word string) int {
	n, err := strconv.Atoi(word)
	if err != nil {
		panic(err)
	}
	return n
}

func answer(value map[string]interface{}) {
	line, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(line))
}
