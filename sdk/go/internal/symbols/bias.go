package symbols

import (
	"bufio"
	"debug/elf"
	"fmt"
	"os"
	"strconv"
	"strings"
)

const pageMask = 4095

// loadBias is how far from its linked addresses the program runs: 0 unless position-independent.
func loadBias(segments []elf.ProgHeader) (uint64, error) {
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return 0, fmt.Errorf("read the program's mappings: %w", err)
	}
	defer maps.Close()
	exe, err := os.Readlink(self)
	if err != nil {
		return 0, fmt.Errorf("name of the running executable: %w", err)
	}
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		start, offset, path, ok := parseMapping(lines.Text())
		if !ok || path != exe {
			continue
		}
		for _, s := range segments {
			if s.Off&^pageMask == offset {
				return start - s.Vaddr&^pageMask, nil
			}
		}
	}
	return 0, fmt.Errorf("no mapping of %s among the program's", exe)
}

// parseMapping splits a line of /proc/PID/maps: "start-end mode offset device inode path".
func parseMapping(line string) (start, offset uint64, path string, ok bool) {
	fields := strings.Fields(line)
	if len(fields) < 6 {
		return 0, 0, "", false
	}
	from, _, _ := strings.Cut(fields[0], "-")
	start, errStart := strconv.ParseUint(from, 16, 64)
	offset, errOffset := strconv.ParseUint(fields[2], 16, 64)
	return start, offset, strings.Join(fields[5:], " "), errStart == nil && errOffset == nil
}
