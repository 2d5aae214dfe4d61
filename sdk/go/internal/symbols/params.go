package symbols

import (
	"debug/dwarf"
	"debug/elf"
	"fmt"
)

// Params names the parameters of functions, by name of the function, from DWARF. Functions that DWARF does not describe are absent.
// DWARF is read here and nowhere else: it is large.
func Params(functions []Function) (map[string][]string, error) {
	file, err := elf.Open(self)
	if err != nil {
		return nil, fmt.Errorf("open the running executable: %w", err)
	}
	defer file.Close()
	data, err := file.DWARF()
	if err != nil {
		return nil, fmt.Errorf("read DWARF: %w", err)
	}
	params := make(map[string][]string, len(functions))
	for _, fn := range functions {
		if names, ok := paramsAt(data, fn.Address); ok {
			params[fn.Name] = names
		}
	}
	return params, nil
}

// paramsAt looks only into the compilation unit that holds the address.
func paramsAt(data *dwarf.Data, address uint64) ([]string, bool) {
	reader := data.Reader()
	if _, err := reader.SeekPC(address); err != nil {
		return nil, false
	}
	for {
		entry, err := reader.Next()
		if err != nil || entry == nil || entry.Tag == dwarf.TagCompileUnit {
			return nil, false
		}
		if low, ok := entry.Val(dwarf.AttrLowpc).(uint64); entry.Tag == dwarf.TagSubprogram && ok && low == address {
			return paramsOf(data, reader, entry), true
		}
		if entry.Children {
			reader.SkipChildren()
		}
	}
}

// paramsOf reads the children of a function that come before its body; results are marked as variable parameters.
func paramsOf(data *dwarf.Data, reader *dwarf.Reader, function *dwarf.Entry) []string {
	names := []string{}
	if !function.Children {
		return names
	}
	for {
		child, err := reader.Next()
		if err != nil || child == nil || child.Tag == 0 {
			return names
		}
		if isResult, _ := child.Val(dwarf.AttrVarParam).(bool); child.Tag == dwarf.TagFormalParameter && !isResult {
			names = append(names, nameOf(data, child))
		}
		if child.Children {
			reader.SkipChildren()
		}
	}
}

// nameOf follows a concrete function's parameter to the abstract one that carries the name.
func nameOf(data *dwarf.Data, param *dwarf.Entry) string {
	if name, ok := param.Val(dwarf.AttrName).(string); ok {
		return name
	}
	origin, ok := param.Val(dwarf.AttrAbstractOrigin).(dwarf.Offset)
	if !ok {
		return ""
	}
	reader := data.Reader()
	reader.Seek(origin)
	entry, err := reader.Next()
	if err != nil || entry == nil {
		return ""
	}
	name, _ := entry.Val(dwarf.AttrName).(string)
	return name
}
