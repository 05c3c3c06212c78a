-- A reader that gives pandoc its best chance at a book of posts: a chapter a post, titled from the
-- header, with subtitle and date, and links between posts made internal.
function Reader(sources, options)
  local names, blocks = {}, pandoc.List()
  for _, source in ipairs(sources) do
    names[source.name:match("([^/]+)%.md$")] = true
  end
  for _, source in ipairs(sources) do
    local name = source.name:match("([^/]+)%.md$")
    local doc = pandoc.read(source.text, "markdown", options)
    blocks:insert(pandoc.Header(1, doc.meta.title, pandoc.Attr("post-" .. name)))
    blocks:insert(pandoc.Para { pandoc.Emph(doc.meta.subtitle) })
    blocks:insert(pandoc.Para(doc.meta.date))
    local folder = source.name:match("^(.*)/") or "."
    blocks:extend(doc.blocks:walk {
      Link = function(link)
        local target = link.target:match("/p/letter%-(%d+)$") or link.target:match("^(%d+)%.md$")
        local found = target and string.format("%04d", tonumber(target))
        if found and names[found] then
          link.target = "#post-" .. found
        end
        return link
      end,
      Image = function(image)
        image.src = folder .. "/" .. image.src
        return image
      end,
      Header = function(header)
        header.identifier = name .. "-" .. header.identifier
        return header
      end,
    })
  end
  return pandoc.Pandoc(blocks, pandoc.Meta { title = "Bench", lang = "en" })
end
