// Package intent reads what a person types in the chat: which of the things that the bot can do they want, and which words
// name the table, the record, the column and the value. It is a pure function of the text and of what things are called
// (Names); nothing leaves the process, nothing is kept, and the same text always reads the same.
//
//	text -> tokens -> arcs (words and names that stand there, also mistyped) -> cheapest way through the grammar -> Reading
//
// The grammar is one text file for each language (folder words): words and patterns, no code. A pattern is a sequence of words,
// optional parts and slots; tokens that a slot takes as they are cost more than words that the grammar knows, mistyped words
// something between, so that the cheapest way is the one that explains most of the sentence. Words of records being searched
// for are never corrected.
//
// Finding the records, asking back and answering is package bot.
package intent
