// Package symbols finds the functions of the running program: from its pclntab, which every Go program carries, stripped or not.
package symbols

import (
	"bytes"
	"debug/elf"
	"debug/gosym"
	"errors"
	"fmt"
	"regexp"
	"runtime"
)

const self = "/proc/self/exe"

// Function is one function of the program.
type Function struct {
	Name string
	// Offset of the first byte in the executable file.
	Offset uint64
	// Address as linked; position-independent programs run elsewhere.
	Address uint64
	File    string
	Line    int
}

// Table knows all functions of an executable.
type Table struct {
	lines    *gosym.Table
	segments []elf.ProgHeader
	// base is what the linker calls runtime.text: addresses of lines are relative to it.
	base uint64
}

// Load reads the table of the running program.
func Load() (*Table, error) {
	file, err := elf.Open(self)
	if err != nil {
		return nil, fmt.Errorf("open the running executable: %w", err)
	}
	defer file.Close()
	pclntab, err := findPclntab(file)
	if err != nil {
		return nil, err
	}
	lines, err := gosym.NewTable(nil, gosym.NewLineTable(pclntab, 0))
	if err != nil {
		return nil, fmt.Errorf("read the function table: %w", err)
	}
	table := &Table{lines: lines, segments: loadable(file)}
	return table, table.calibrate()
}

// Match returns the functions whose names the expression fits anywhere, in the order of their addresses.
func (t *Table) Match(pattern *regexp.Regexp) []Function {
	var found []Function
	for i := range t.lines.Funcs {
		if pattern.MatchString(t.lines.Funcs[i].Name) {
			found = append(found, t.function(&t.lines.Funcs[i]))
		}
	}
	return found
}

// Lookup returns the function of exactly this name.
func (t *Table) Lookup(name string) (Function, bool) {
	fn := t.lines.LookupFunc(name)
	if fn == nil {
		return Function{}, false
	}
	return t.function(fn), true
}

// Len is the number of functions.
func (t *Table) Len() int { return len(t.lines.Funcs) }

func (t *Table) function(fn *gosym.Func) Function {
	file, line, _ := t.lines.PCToLine(fn.Entry)
	address := t.base + fn.Entry
	return Function{Name: fn.Name, Offset: t.fileOffset(address), Address: address, File: file, Line: line}
}

// fileOffset is 0 for an address that no segment holds.
func (t *Table) fileOffset(address uint64) uint64 {
	for _, s := range t.segments {
		if address >= s.Vaddr && address < s.Vaddr+s.Filesz {
			return address - s.Vaddr + s.Off
		}
	}
	return 0
}

// calibrate finds the base with a function whose address the runtime knows: neither the table's header (0 since Go 1.26) nor the
// text section's start (0x100 off when linked externally) tells it.
func (t *Table) calibrate() error {
	pc, _, _, _ := runtime.Caller(0)
	own := runtime.FuncForPC(pc)
	listed := t.lines.LookupFunc(own.Name())
	if listed == nil {
		return fmt.Errorf("the function table does not list %s", own.Name())
	}
	bias, err := loadBias(t.segments)
	if err != nil {
		return err
	}
	t.base = uint64(own.Entry()) - bias - listed.Entry
	return nil
}

func loadable(file *elf.File) []elf.ProgHeader {
	var segments []elf.ProgHeader
	for _, p := range file.Progs {
		if p.Type == elf.PT_LOAD {
			segments = append(segments, p.ProgHeader)
		}
	}
	return segments
}

// findPclntab takes the section by name, else searches read-only data for the table's magic.
func findPclntab(file *elf.File) ([]byte, error) {
	for _, name := range []string{".gopclntab", ".data.rel.ro.gopclntab"} {
		if section := file.Section(name); section != nil {
			return section.Data()
		}
	}
	for _, section := range file.Sections {
		if section.Name != ".data.rel.ro" && section.Name != ".rodata" {
			continue
		}
		data, err := section.Data()
		if at := bytes.Index(data, pclntabMagic(file)); err == nil && at >= 0 {
			return data[at:], nil
		}
	}
	return nil, errors.New("the executable has no Go function table")
}

// pclntabMagic is the table's head since Go 1.20: magic, two zeros, instruction quantum, pointer size.
func pclntabMagic(file *elf.File) []byte {
	magic := make([]byte, 4, 8)
	file.ByteOrder.PutUint32(magic, 0xfffffff1)
	quantum := byte(4)
	if file.Machine == elf.EM_X86_64 || file.Machine == elf.EM_386 {
		quantum = 1
	}
	return append(magic, 0, 0, quantum, 8)
}
