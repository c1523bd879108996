// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

// Does the log of a hub hold, asked of the code that verifies Go modules?
//
//	verify tiles DIRECTORY VKEY [OLDER]    an export, and that it begins with an older checkpoint
//	verify proof FILE VKEY ENTRY           a tlog-proof and the entry it is for
//	verify trees SIZE                      roots and proofs of every tree up to a size
//	verify verdicts < questions            the verdict on each proof, one a line
//
// Signatures, trees and tiles are left to golang.org/x/mod; here files are read, nothing else.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func must[T any](value T, err error) T {
	demand(err == nil, fmt.Sprint(err))
	return value
}

func demand(holds bool, text string) {
	if !holds {
		fmt.Println("refused:", text)
		os.Exit(1)
	}
}

// checkpoint returns the tree that a note speaks of, if the key signed it for its own log.
func checkpoint(source []byte, vkey string) tlog.Tree {
	verifier := must(note.NewVerifier(vkey))
	opened := must(note.Open(source, note.VerifierList(verifier)))
	lines := strings.Split(opened.Text, "\n")
	demand(len(lines) == 4 && lines[0] == verifier.Name(), "not a checkpoint of this log")
	return tlog.Tree{N: must(strconv.ParseInt(lines[1], 10, 64)), Hash: must(tlog.ParseHash(lines[2]))}
}

// directory reads tiles where an export has them; the height is no part of a C2SP path.
type directory string

func (dir directory) Height() int                                { return height }
func (dir directory) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (dir directory) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for at, tile := range tiles {
		read, err := os.ReadFile(dir.path(tile))
		if err != nil {
			return nil, err
		}
		data[at] = read
	}
	return data, nil
}

func (dir directory) path(tile tlog.Tile) string {
	name := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
	return filepath.Join(string(dir), strings.Replace(name, "tile/data/", "tile/entries/", 1))
}

// entries returns what a bundle holds; none where a pruned entry made it go.
func (dir directory) entries(n int64, width int) [][]byte {
	data, err := os.ReadFile(dir.path(tlog.Tile{H: height, L: -1, N: n, W: width}))
	if os.IsNotExist(err) {
		return nil
	}
	demand(err == nil, fmt.Sprint(err))
	var bodies [][]byte
	for len(data) > 0 {
		demand(len(data) >= 2, "a bundle ends inside an entry")
		end := 2 + int(binary.BigEndian.Uint16(data))
		demand(end <= len(data), "a bundle ends inside an entry")
		bodies, data = append(bodies, data[2:end]), data[end:]
	}
	demand(len(bodies) == width, "a bundle of another width")
	return bodies
}

func tiles(dir directory, vkey string, older []string) {
	tree := checkpoint(must(os.ReadFile(filepath.Join(string(dir), "checkpoint"))), vkey)
	// Every hash that this reader returns was authenticated against the signed root.
	reader := tlog.TileHashReader(tree, dir)
	bundled := 0
	for n := int64(0); n<<height < tree.N; n++ {
		width := int(min(tree.N-n<<height, 1<<height))
		indexes := make([]int64, width)
		for at := range indexes {
			indexes[at] = tlog.StoredHashIndex(0, n<<height+int64(at))
		}
		leaves := must(reader.ReadHashes(indexes))
		for at, body := range dir.entries(n, width) {
			demand(tlog.RecordHash(body) == leaves[at], "an entry is not its leaf")
			bundled++
		}
		index := n<<height + int64(width) - 1
		proof := must(tlog.ProveRecord(tree.N, index, reader))
		demand(tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaves[width-1]) == nil, "inclusion")
		begins(tree, index+1, must(tlog.TreeHash(index+1, reader)), reader)
	}
	said := fmt.Sprint("holds: ", tree.N, " entries, ", bundled, " read")
	for _, name := range older {
		kept := checkpoint(must(os.ReadFile(name)), vkey)
		begins(tree, kept.N, kept.Hash, reader)
		said += fmt.Sprint("; begins with the older ", kept.N)
	}
	fmt.Println(said)
}

// begins demands that the tree begins with the one of this size and root.
func begins(tree tlog.Tree, size int64, root tlog.Hash, reader tlog.HashReader) {
	demand(size <= tree.N, "the older tree is larger")
	proof := must(tlog.ProveTree(tree.N, size, reader))
	demand(tlog.CheckTree(proof, tree.N, tree.Hash, size, root) == nil, "consistency")
}

func proof(source []byte, vkey string, entry []byte) {
	head, signed, found := bytes.Cut(source, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	demand(found && lines[0] == "c2sp.org/tlog-proof@v1", "not a proof")
	if lines = lines[1:]; strings.HasPrefix(lines[0], "extra ") {
		extra := must(base64.StdEncoding.Strict().DecodeString(lines[0][len("extra "):]))
		demand(bytes.Equal(extra, entry), "the proof of another entry")
		lines = lines[1:]
	}
	index := must(strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64))
	path := make(tlog.RecordProof, 0, len(lines))
	for _, line := range lines[1:] {
		path = append(path, must(tlog.ParseHash(line)))
	}
	tree := checkpoint(signed, vkey)
	err := tlog.CheckRecord(path, tree.N, tree.Hash, index, tlog.RecordHash(entry))
	demand(err == nil, fmt.Sprint(err))
	fmt.Println("holds: entry", index, "of", tree.N)
}

// trees prints, of every size, the root and one digest over all proofs in order.
func trees(most int64) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for at, index := range indexes {
			hashes[at] = stored[index]
		}
		return hashes, nil
	})
	for size := int64(1); size <= most; size++ {
		leaf := binary.BigEndian.AppendUint16(nil, uint16(size-1))
		stored = append(stored, must(tlog.StoredHashes(size-1, leaf, reader))...)
		records, prefixes := sha256.New(), sha256.New()
		for at := int64(0); at < size; at++ {
			for _, hash := range must(tlog.ProveRecord(size, at, reader)) {
				records.Write(hash[:])
			}
			for _, hash := range must(tlog.ProveTree(size, at+1, reader)) {
				prefixes.Write(hash[:])
			}
		}
		root := must(tlog.TreeHash(size, reader))
		fmt.Printf("%d %x %x %x\n", size, root[:], records.Sum(nil), prefixes.Sum(nil))
	}
}

// verdicts reads "inclusion SIZE ROOT INDEX LEAF HASHES" with the leaf itself, and
// "consistency SIZE ROOT OLD ROOT HASHES".
func verdicts() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		size, other := must(strconv.ParseInt(words[1], 10, 64)), must(strconv.ParseInt(words[3], 10, 64))
		path := make([]tlog.Hash, 0, len(words))
		for _, word := range words[5:] {
			path = append(path, hash(word))
		}
		var err error
		if words[0] == "inclusion" {
			leaf := tlog.RecordHash(must(hex.DecodeString(words[4])))
			err = tlog.CheckRecord(path, size, hash(words[2]), other, leaf)
		} else {
			err = tlog.CheckTree(path, size, hash(words[2]), other, hash(words[4]))
		}
		fmt.Println(err == nil)
	}
	demand(lines.Err() == nil, fmt.Sprint(lines.Err()))
}

func hash(text string) (hashed tlog.Hash) {
	demand(copy(hashed[:], must(hex.DecodeString(text))) == tlog.HashSize, "not a hash")
	return hashed
}

func min(one, other int64) int64 {
	if one < other {
		return one
	}
	return other
}

func main() {
	demand(len(os.Args) > 1, "tiles, proof, trees or verdicts")
	switch asked := os.Args[2:]; os.Args[1] {
	case "tiles":
		tiles(directory(asked[0]), asked[1], asked[2:])
	case "proof":
		proof(must(os.ReadFile(asked[0])), asked[1], must(os.ReadFile(asked[2])))
	case "trees":
		trees(must(strconv.ParseInt(asked[0], 10, 64)))
	case "verdicts":
		verdicts()
	}
}
