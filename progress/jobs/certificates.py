NOTICE = "certificate"
