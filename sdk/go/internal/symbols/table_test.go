package symbols

import (
	"bytes"
	"debug/elf"
	"os"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

//go:noinline
func probed(amount int, card string) (string, error) {
	return strings.Repeat(card, amount), nil
}

func load(t *testing.T) *Table {
	t.Helper()
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestTheFileHasAtEveryOffsetTheBytesThatRun(t *testing.T) {
	table := load(t)
	file, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	memory, err := os.Open("/proc/self/mem")
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()
	for _, fn := range []any{probed, Load, regexp.MustCompile, strings.Repeat} {
		pc := reflect.ValueOf(fn).Pointer()
		name := runtime.FuncForPC(pc).Name()
		found, ok := table.Lookup(name)
		if !ok {
			t.Fatalf("%s is not listed", name)
		}
		running := make([]byte, 32)
		if _, err := memory.ReadAt(running, int64(pc)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(running, file[found.Offset:found.Offset+32]) {
			t.Errorf("%s: the file has other bytes at %#x than run", name, found.Offset)
		}
	}
}

func TestAddressesAreThoseOfTheSymbolTable(t *testing.T) {
	table := load(t)
	file, err := elf.Open(self)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	symbols, err := file.Symbols()
	if err != nil {
		t.Skip("this test binary is stripped:", err)
	}
	compared := 0
	for name, addresses := range bodies(symbols) {
		found, ok := table.Lookup(name)
		if !ok {
			continue
		}
		compared++
		if !slices.Contains(addresses, found.Address) {
			t.Fatalf("%s: %#x, the symbol table says %#x", name, found.Address, addresses)
		}
	}
	if compared < 1000 {
		t.Errorf("only %d functions compared", compared)
	}
}

// A function of assembly has a second body, which the symbol table alone tells apart by its suffix.
func bodies(symbols []elf.Symbol) map[string][]uint64 {
	byName := map[string][]uint64{}
	for _, symbol := range symbols {
		if elf.ST_TYPE(symbol.Info) == elf.STT_FUNC {
			name := strings.TrimSuffix(symbol.Name, ".abi0")
			byName[name] = append(byName[name], symbol.Value)
		}
	}
	return byName
}

func TestMatchFindsFilesAndLines(t *testing.T) {
	found := load(t).Match(regexp.MustCompile(`symbols\.probed$`))
	if len(found) != 1 || !strings.HasSuffix(found[0].File, "table_test.go") || found[0].Line != 16 {
		t.Errorf("got %+v", found)
	}
}

func TestParamsAreNamedWithoutResults(t *testing.T) {
	found := load(t).Match(regexp.MustCompile(`symbols\.probed$`))
	params, err := Params(found)
	if err != nil {
		t.Skip("no DWARF in this test binary:", err)
	}
	if got := params[found[0].Name]; !reflect.DeepEqual(got, []string{"amount", "card"}) {
		t.Errorf("got %q", got)
	}
}
