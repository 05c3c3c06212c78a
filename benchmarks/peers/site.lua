-- pandoc lua site.lua POSTS OUT: every post to a page, in one process.
local posts, out = arg[1], arg[2]
local template = pandoc.template.compile(pandoc.template.default "html5")
local options = pandoc.WriterOptions { template = template, html_math_method = "mathml" }
pandoc.system.make_directory(out, true)
for _, name in ipairs(pandoc.system.list_directory(posts)) do
  if name:match "%.md$" then
    local file = io.open(posts .. "/" .. name, "r")
    local doc = pandoc.read(file:read "a", "markdown")
    file:close()
    local page = io.open(out .. "/" .. name:gsub("%.md$", ".html"), "w")
    page:write(pandoc.write(doc, "html5", options))
    page:close()
  end
end
