package coral

import (
	"fmt"
	"log"
)

// logger writes to the program's standard log, in its own name.
type logger struct{ debug, info bool }

func newLogger(level string) logger {
	switch level {
	case "debug":
		return logger{debug: true, info: true}
	case "warn", "error", "off":
		return logger{}
	default:
		return logger{info: true}
	}
}

func (l logger) infof(format string, args ...any) {
	if l.info {
		log.Printf("[Coral SDK] "+format, args...)
	}
}

func (l logger) debugf(format string, args ...any) {
	if l.debug {
		log.Printf("[Coral SDK] "+format, args...)
	}
}

// recovered turns a panic of ours into an error: it must not become the program's.
func recovered(l logger, err *error) {
	if panicked := recover(); panicked != nil {
		*err = fmt.Errorf("internal error: %v", panicked)
		l.infof("internal error: %v", panicked)
	}
}
