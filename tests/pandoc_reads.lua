-- Reads, line after line, the number of bytes of a text in Markdown, and the text; answers with its tree, as JSON in a line.
for size in io.lines() do
    local text = io.read(tonumber(size))
    io.write(pandoc.write(pandoc.read(text, "markdown-yaml_metadata_block"), "json"), "\n")
    io.flush()
end
