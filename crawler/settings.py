"""Scrapy's settings: components by name, each number with its reason."""

BOT_NAME = "talentwatch"
SPIDER_MODULES = ["spiders"]
#: Every TOML of the catalogue and of the operator's folder is a spider.
SPIDER_LOADER_CLASS = "spiders.loader.SiteSpiderLoader"
ADDONS = {"crawler.fetch.addon.Guest": 100}

# What goes through the fence, see crawler.fetch.
DOWNLOAD_HANDLERS = {
    "http": "crawler.fetch.handler.GuardedHandler",
    "https": "crawler.fetch.handler.GuardedHandler",
    "data": None, "file": None, "ftp": None, "s3": None,
}  # fmt: skip
DOWNLOADER_MIDDLEWARES = {
    # Before robots.txt (100) is asked for: a forbidden host isn't even asked that.
    "crawler.fetch.middlewares.FenceMiddleware": 50,
    "crawler.fetch.patience.Patience": 60,
    "crawler.fetch.middlewares.ConditionalMiddleware": 420,
    # Nearer to the spider than decompression (590) and redirects (600): it sees whole, final pages.
    "crawler.fetch.browser.Browser": 580,
    "crawler.fetch.middlewares.ProxyMiddleware": 760,
    # RFC 9309 where robots.txt can't be had; Scrapy's own would go on as if it allowed everything.
    "crawler.fetch.robots.Robots": 100,
}
# Scrapy imports and builds what stands in its own lists, used or not, for each crawler of a round: remote
# control alone loads a web server. These are the ones of them that we use. Not among them:
# HttpProxy (the environment's proxy variables are ignored), Offsite (the fence does this, for redirects too).
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
}
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    # The ceiling of a site's time.
    "scrapy.extensions.closespider.CloseSpider": 0,
}
EXTENSIONS = {"crawler.fetch.middlewares.CrawlDelay": 100}
ITEM_PIPELINES = {
    "pipelines.adapters.Validate": 100,
    "pipelines.adapters.Normalise": 200,
    "pipelines.adapters.Attach": 300,
    "pipelines.adapters.Enrich": 400,
    "pipelines.adapters.Dedupe": 500,
    "pipelines.adapters.Store": 600,
}

# A polite guest.
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "TalentWatch"
#: One request at a time and host; the delay between two is the site's own (`Site.delay`).
CONCURRENT_REQUESTS_PER_DOMAIN = 1
#: Of one crawler; a site has few hosts.
CONCURRENT_REQUESTS = 4
#: Pages in memory between download and store.
CONCURRENT_ITEMS = 8
COOKIES_ENABLED = False
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,*/*;q=0.5",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}
#: A dropped connection is tried once more at once; anything longer is the pending row's back-off.
RETRY_TIMES = 1
#: No status is retried at once: a host in trouble needs less traffic, not more.
RETRY_HTTP_CODES: list[int] = []
REDIRECT_MAX_TIMES = 5
#: A page that refreshes itself to another is no article; the reader says ``moved``.
METAREFRESH_ENABLED = False
#: Our callbacks judge every status.
HTTPERROR_ALLOW_ALL = True
#: The list of a round can name a page twice; the truth knows which are done.
DUPEFILTER_CLASS = "scrapy.dupefilters.RFPDupeFilter"
#: A truncated answer of an old server still holds the text; the reader judges it.
DOWNLOAD_FAIL_ON_DATALOSS = False

# Doors that stay shut.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
LOG_LEVEL = "WARNING"
#: A page that failed is named by its address, not printed in full.
LOG_FORMATTER = "spiders.log.ShortLog"
#: The round prints its own summary.
LOGSTATS_INTERVAL = 0
