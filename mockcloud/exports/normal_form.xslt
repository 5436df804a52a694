<?xml version="1.0" encoding="utf-8"?>
<!-- A message in its normal form, by the schema of its operation: what mockcloud looks at, and nothing else.

     xsltproc -stringparam schema request.xsd normal-form.xslt message.xml

     The schema is one of those exported beside this file, its path as seen from here. Elements stand in the schema's order.
     Attributes, elements that the schema does not know, and empty ones are left out. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:xs="http://www.w3.org/2001/XMLSchema"
                xmlns:exsl="http://exslt.org/common" exclude-result-prefixes="xs exsl">
  <xsl:output method="xml" encoding="utf-8"/>
  <xsl:param name="schema"/>

  <xsl:template match="/">
    <xsl:apply-templates select="document($schema, document(''))/xs:schema/xs:element" mode="root">
      <xsl:with-param name="found" select="*"/>
    </xsl:apply-templates>
  </xsl:template>

  <!-- A root of another name is no such message: it is left as it stands, and no schema will take it. -->
  <xsl:template match="xs:element" mode="root">
    <xsl:param name="found"/>
    <xsl:choose>
      <xsl:when test="name($found) = @name and namespace-uri($found) = ''">
        <xsl:apply-templates select="." mode="written">
          <xsl:with-param name="found" select="$found"/>
        </xsl:apply-templates>
      </xsl:when>
      <xsl:otherwise><xsl:copy-of select="$found"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="xs:element" mode="written">
    <xsl:param name="found"/>
    <xsl:element name="{@name}">
      <xsl:choose>
        <xsl:when test="xs:complexType">
          <xsl:apply-templates select="xs:complexType/*/xs:element" mode="children">
            <xsl:with-param name="owner" select="$found"/>
          </xsl:apply-templates>
        </xsl:when>
        <xsl:otherwise>
          <xsl:for-each select="$found/text()[not(preceding-sibling::*)]"><xsl:value-of select="."/></xsl:for-each>
        </xsl:otherwise>
      </xsl:choose>
    </xsl:element>
  </xsl:template>

  <xsl:template match="xs:element" mode="children">
    <xsl:param name="owner"/>
    <xsl:variable name="kind" select="."/>
    <xsl:variable name="found" select="$owner/*[name() = $kind/@name and namespace-uri() = '']"/>
    <xsl:for-each select="$found">
      <xsl:variable name="holds">
        <xsl:apply-templates select="$kind" mode="written"><xsl:with-param name="found" select="."/></xsl:apply-templates>
      </xsl:variable>
      <!-- An element that must hold elements stays though it is empty: what it lacks is told, not that it lacks. -->
      <xsl:if test="exsl:node-set($holds)/*/node() or ($kind/xs:complexType and not($kind/@minOccurs = '0'))">
        <xsl:copy-of select="$holds"/>
      </xsl:if>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>
